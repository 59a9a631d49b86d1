/**
 * What a person sets for this device, as reactive state over `device`: each change is remembered at once.
 */
import { pickLanguage, speak, type Code } from '../i18n';
import { device, type Theme } from './device';

let theme = $state<Theme>('device');
let announces = $state(true);
let outline = $state(true);
let name = $state<string | null>(null);

function showTheme(chosen: Theme): void {
  if (chosen === 'device') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = chosen;
}

export const settings = {
  get theme(): Theme {
    return theme;
  },
  set theme(chosen: Theme) {
    theme = chosen;
    device().theme = chosen;
    showTheme(chosen);
  },
  get announces(): boolean {
    return announces;
  },
  set announces(on: boolean) {
    announces = on;
    device().announces = on;
  },
  /** Whether the outline stands open on wide screens. */
  get outline(): boolean {
    return outline;
  },
  set outline(open: boolean) {
    outline = open;
    device().outline = open;
  },
  /** The name as last given; "" for none, null if never asked. */
  get name(): string | null {
    return name;
  },
  set name(given: string | null) {
    name = given;
    device().name = given;
  },
  language(code: Code): void {
    device().language = code;
  },
};

/** Reads what the device remembers, and speaks its language. Call once, before anything is shown. */
export async function recall(): Promise<void> {
  const memory = device();
  theme = memory.theme;
  announces = memory.announces;
  outline = memory.outline;
  name = memory.name;
  showTheme(theme);
  await speak(memory.language ?? pickLanguage(navigator.languages));
}
