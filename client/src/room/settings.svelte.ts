/**
 * What a person sets for this device, as reactive state over `device`: each change is remembered at once.
 */
import { pickLanguage, speak, type Code } from '../i18n';
import { device, type TextSize, type Theme } from './device';
import type { Tells } from './others';

let theme = $state<Theme>('device');
let tells = $state<Tells>('all');
let paused = $state(false);
let calm = $state(false);
let still = $state(false);
let textSize = $state<TextSize>(100);
let leftHanded = $state(false);
let unnamed = $state(false);
let outline = $state(true);
let asked = $state(true);
let name = $state<string | null>(null);

function showTheme(chosen: Theme): void {
  if (chosen === 'device') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = chosen;
}

/** The modes as attributes of the page, for styles (ui/base.css) and for whatever asks `isStill` or `isCalm` (ui/modes.ts). */
function showModes(): void {
  const page = document.documentElement;
  const mark = (name: string, on: boolean): void => {
    if (on) page.dataset[name] = 'yes';
    else delete page.dataset[name];
  };
  mark('calm', calm);
  mark('still', still || calm);
  mark('left', leftHanded);
  mark('large', textSize >= 150);
  page.style.setProperty('--text-scale', String(textSize / 100));
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
  /** What of others' doings is read out. */
  get tells(): Tells {
    return tells;
  },
  set tells(chosen: Tells) {
    tells = chosen;
    device().tells = chosen;
  },
  /** Reading out waits, until this page is closed or it goes on. */
  get paused(): boolean {
    return paused;
  },
  set paused(on: boolean) {
    paused = on;
  },
  /** Calm mode: nothing moves, no pointers of others, no sound, one zone at a time. */
  get calm(): boolean {
    return calm;
  },
  set calm(on: boolean) {
    calm = on;
    device().calm = on;
    showModes();
  },
  get still(): boolean {
    return still;
  },
  set still(on: boolean) {
    still = on;
    device().still = on;
    showModes();
  },
  get textSize(): TextSize {
    return textSize;
  },
  set textSize(size: TextSize) {
    textSize = size;
    device().textSize = size;
    showModes();
  },
  /** New notes are written without one's name. */
  get unnamed(): boolean {
    return unnamed;
  },
  set unnamed(on: boolean) {
    unnamed = on;
    device().unnamed = on;
  },
  get leftHanded(): boolean {
    return leftHanded;
  },
  set leftHanded(on: boolean) {
    leftHanded = on;
    device().leftHanded = on;
    showModes();
  },
  /** Whether others may ask me to look somewhere. */
  get asked(): boolean {
    return asked;
  },
  set asked(on: boolean) {
    asked = on;
    device().asked = on;
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
  tells = memory.tells;
  calm = memory.calm;
  still = memory.still;
  textSize = memory.textSize;
  leftHanded = memory.leftHanded;
  unnamed = memory.unnamed;
  outline = memory.outline;
  asked = memory.asked;
  name = memory.name;
  showTheme(theme);
  showModes();
  await speak(memory.language ?? pickLanguage(navigator.languages));
}
