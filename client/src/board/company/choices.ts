/** What a menu on the cloth offers to do with the others: ask them to look, point, react. */
import { t } from '../../i18n';
import type { Point } from '../geometry';
import type { Company } from './company.svelte';

export interface Choice {
  readonly words: string;
  readonly keys: string;
  readonly act: () => void;
}

/** `at`: where the menu was asked for, in board units. */
export function companyChoices(company: Company, at: Point): readonly Choice[] {
  return [
    { words: t('around.look.ask'), keys: '!', act: () => void company.ask(at) },
    { words: t('around.laser'), keys: 'K', act: () => company.point(true) },
    { words: t('around.react'), keys: ':', act: () => company.onreact() },
  ];
}
