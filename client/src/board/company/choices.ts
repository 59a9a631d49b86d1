/** What a menu on the cloth offers to do with the others: ask them to look, point, react. */
import { t } from '../../i18n';
import type { Choice } from '../arrange/choices';
import type { Point } from '../geometry';
import type { Company } from './company.svelte';

/** After all other parts of the menu. */
const PART = 90;

/** `at`: where the menu was asked for, in board units. */
export function companyChoices(company: Company, at: Point): readonly Choice[] {
  return [
    { id: 'ask', words: t('around.look.ask'), keys: '!', act: () => void company.ask(at), bar: 0, part: PART },
    { id: 'laser', words: t('around.laser'), keys: 'P', act: () => company.point(true), bar: 0, part: PART },
    { id: 'react', words: t('around.react'), keys: ':', act: () => company.onreact(), bar: 0, part: PART },
  ];
}
