/** What painting needs to know: the things, the look's colours, and what is shown otherwise than it is stored. */
import type { Palette } from '../palette';
import type { Item, Scene } from '../scene';

export interface Scenery {
  readonly scene: Scene;
  readonly palette: Palette;
  /** What is painted because it does not stand on the page. */
  isPainted(id: string): boolean;
  /** The stroke in my hand: it is on the wet sheet. */
  readonly inHand: string | null;
  /** What the eraser met: shown faint. */
  readonly erased: ReadonlySet<string>;
  /** A picture that is here already, else null. */
  picture(asset: string): CanvasImageSource | null;
}

export function penColour({ palette }: Scenery, name: string): string {
  return palette.pens.get(name) ?? palette.ink;
}

export function isGlow(item: Item): boolean {
  return item.kind === 'ink' && item.element.prop('tip') === 'highlighter';
}
