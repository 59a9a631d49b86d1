/**
 * Copying that also works on plain http, where there is no async clipboard (TRAPS 21).
 *
 * Three steps, each where the one before is missing: the clipboard API, the old copy command over a selection, and leaving
 * the text selected so that the person copies it by hand.
 */

export type Copied = 'copied' | 'selected';

/** Copies what stands in a field. Must be called from a press. `selected`: it could only be selected. */
export async function copyFrom(field: HTMLInputElement | HTMLTextAreaElement): Promise<Copied> {
  if (window.isSecureContext && 'clipboard' in navigator) {
    try {
      await navigator.clipboard.writeText(field.value);
      return 'copied';
    } catch {
      // Permission was withheld: the older way may still work.
    }
  }
  field.focus();
  field.select();
  field.setSelectionRange(0, field.value.length);
  return document.execCommand('copy') ? 'copied' : 'selected';
}
