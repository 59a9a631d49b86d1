/** Arrow keys along a bar of buttons with one stop for Tab; the page's direction turns left and right around. */

/** Gives the focus to the button that the key goes to. Answers which that is; null if the key is none of these. */
export function walkBar(event: KeyboardEvent & { readonly currentTarget: EventTarget & HTMLElement }): number | null {
  const bar = event.currentTarget;
  const buttons = [...bar.querySelectorAll('button')];
  const at = buttons.findIndex((button) => button === document.activeElement);
  const rtl = getComputedStyle(bar).direction === 'rtl';
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    ArrowUp: -1,
    ArrowRight: rtl ? -1 : 1,
    ArrowLeft: rtl ? 1 : -1,
    Home: -at,
    End: buttons.length - 1 - at,
  };
  const step = steps[event.key];
  if (step === undefined || at < 0) return null;
  event.preventDefault();
  event.stopPropagation();
  const to = (at + step + buttons.length) % buttons.length;
  buttons[to]?.focus();
  return to;
}
