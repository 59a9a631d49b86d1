/** The tools, and what the pen can be, as plain names: for all who share them (control.ts gives them on). */

/** Choose: select and move. Hand: one finger or the left button pans. The rest make something. */
export type Tool = 'choose' | 'note' | 'draw' | 'shape' | 'link' | 'zone' | 'hand';

export const TOOLS: readonly Tool[] = ['choose', 'note', 'draw', 'shape', 'link', 'zone', 'hand'];

/** What the pen does: ink, wide translucent ink under the words, or setting strokes aside. */
export type Tip = 'pen' | 'highlighter' | 'eraser';

export const TIPS: readonly Tip[] = ['pen', 'highlighter', 'eraser'];

export interface Pen {
  readonly tip: Tip;
  /** A pen colour's name (FOLD-10). */
  readonly colour: string;
  /** Board units, 1 to 64. */
  readonly width: number;
}
