/** Edits as they cross the wire (arrays) and as the core has them (records). Their order: `schemas/edit.schema.json`. */

import type { AnyEdit, Values } from '../core/edits.ts';
import type { AnyEdit as WireEdit } from './types.ts';

/** An edit as the array that is sent. */
export function editOut(edit: AnyEdit): WireEdit {
  const { element, hand, k, base } = edit;
  switch (edit.kind) {
    case 'add':
      return ['add', element, hand, k, base, edit.type, recordOf(edit.values)];
    case 'set':
      return ['set', element, hand, k, base, recordOf(edit.values), recordOf(edit.words)];
    case 'text':
      return ['text', element, hand, k, base, edit.field, edit.splices, edit.inserted];
    case 'ink':
      return ['ink', element, hand, k, base, edit.count, edit.points];
    case 'set-aside':
      return ['set-aside', element, hand, k, base, edit.why];
    case 'bring-back':
      return ['bring-back', element, hand, k, base];
    case 'order':
      return ['order', element, hand, k, base, edit.key];
    case 'lock':
      return ['lock', element, hand, k, base, edit.minutes, edit.why];
    case 'unlock':
      return ['unlock', element, hand, k, base];
    case 'propose': {
      const { act, board, about, elements, why } = edit;
      const [values, words] = [recordOf(edit.values), recordOf(edit.words)];
      return ['propose', element, hand, k, base, act, board, about, elements, values, why, words];
    }
    case 'object':
      return ['object', element, hand, k, base, edit.why];
    case 'vote':
      return ['vote', element, hand, k, base, edit.choice];
    case 'take-back':
      return ['take-back', element, hand, k, base];
    case 'resume':
      return ['resume', element, hand, k, base];
    case 'vary':
      return ['vary', element, hand, k, base, edit.field, edit.splice, edit.inserted];
    case 'unvary':
    case 'accept':
      return [edit.kind, element, hand, k, base, edit.field, edit.of, edit.variant];
  }
}

/** An array as an edit. The array was checked, or comes from ourselves. */
export function editIn(wire: WireEdit): AnyEdit {
  const [, element, hand, k, base] = wire;
  const common = { element, hand, k, base };
  switch (wire[0]) {
    case 'add':
      return { kind: 'add', ...common, type: wire[5], values: valuesOf(wire[6]) };
    case 'set':
      return { kind: 'set', ...common, values: valuesOf(wire[5]), words: new Map(Object.entries(wire[6] ?? {})) };
    case 'text':
      return { kind: 'text', ...common, field: wire[5], splices: wire[6], inserted: wire[7] };
    case 'ink':
      return { kind: 'ink', ...common, count: wire[5], points: wire[6] };
    case 'set-aside':
      return { kind: 'set-aside', ...common, why: wire[5] ?? '' };
    case 'bring-back':
      return { kind: 'bring-back', ...common };
    case 'order':
      return { kind: 'order', ...common, key: wire[5] };
    case 'lock':
      return { kind: 'lock', ...common, minutes: wire[5], why: wire[6] ?? '' };
    case 'unlock':
      return { kind: 'unlock', ...common };
    case 'propose':
      return {
        kind: 'propose',
        ...common,
        act: wire[5],
        board: wire[6] ?? '',
        about: wire[7] ?? '',
        elements: wire[8] ?? [],
        values: valuesOf(wire[9] ?? {}),
        why: wire[10] ?? '',
        words: new Map(Object.entries(wire[11] ?? {})),
      };
    case 'object':
      return { kind: 'object', ...common, why: wire[5] ?? '' };
    case 'vote':
      return { kind: 'vote', ...common, choice: wire[5] };
    case 'take-back':
      return { kind: 'take-back', ...common };
    case 'resume':
      return { kind: 'resume', ...common };
    case 'vary':
      return { kind: 'vary', ...common, field: wire[5], splice: wire[6], inserted: wire[7] };
    case 'unvary':
    case 'accept':
      return { kind: wire[0], ...common, field: wire[5], of: wire[6], variant: wire[7] };
  }
}

/** Names are plain (FOLD-1), so no key can reach an object's prototype. */
function recordOf<T>(map: ReadonlyMap<string, T>): Record<string, T> {
  return Object.fromEntries(map);
}

function valuesOf(record: Readonly<Record<string, number | string>>): Values {
  return new Map(Object.entries(record));
}
