/** tldraw with a scene of ours, through its public package. */
import { getAssetUrlsByImport } from '@tldraw/assets/imports.vite';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { compressLegacySegments, createShapeId, getSnapshot, Tldraw, toRichText } from 'tldraw';
import 'tldraw/tldraw.css';
import { isPreparing, load, present } from './page.js';

const COLOUR = { lemon: 'yellow', peach: 'orange', rose: 'light-red', lilac: 'light-violet', sky: 'light-blue', mint: 'light-green', oat: 'grey', white: 'white' };
const loaded = await load('tldraw');

function shape(thing) {
  const { x, y } = thing;
  const id = createShapeId(thing.id);
  const words = () => toRichText(thing.text);
  switch (thing.type) {
    case 'note':
      return { id, type: 'note', x, y, props: { richText: words(), color: COLOUR[thing.colour], size: 's', scale: 0.8 } };
    case 'shape':
      return { id, type: 'geo', x, y, props: { geo: thing.form, w: thing.w, h: thing.h, richText: words(), color: 'green', size: 's', dash: 'solid' } };
    case 'zone':
      return { id, type: 'geo', x, y, opacity: 0.25, props: { geo: 'rectangle', w: thing.w, h: thing.h, fill: 'solid', color: COLOUR[thing.colour], dash: 'solid' } };
    case 'ink':
      return { id, type: 'draw', x, y, props: { color: 'violet', size: 's', isComplete: true, isPen: true, segments: compressLegacySegments([{ type: 'free', points: thing.points.map(([px, py, z]) => ({ x: px, y: py, z: z / 255 })) }]) } };
    default:
      return { id, type: 'arrow', x, y, props: { start: { x: 0, y: 0 }, end: { x: thing.x2 - x, y: thing.y2 - y }, color: 'blue', size: 's', dash: 'solid' } };
  }
}

function bindings(thing) {
  return ['start', 'end'].map((terminal) => ({
    type: 'arrow',
    fromId: createShapeId(thing.id),
    toId: createShapeId(terminal === 'start' ? thing.from : thing.to),
    props: { terminal, normalizedAnchor: { x: 0.5, y: 0.5 }, isPrecise: false, isExact: false },
  }));
}

function mounted(editor) {
  let count = 0;
  if (isPreparing) {
    for (let at = 0; at < loaded.length; at += 1000) editor.createShapes(loaded.slice(at, at + 1000).map(shape));
    editor.createBindings(loaded.filter((thing) => thing.type === 'connector').flatMap(bindings));
    present({ prepared: JSON.stringify(getSnapshot(editor.store).document) });
  }
  const wanted = editor.getCurrentPageShapeIds().size;
  present({
    ready: () => editor.getCurrentPageShapeIds().size >= wanted && document.querySelector('.tl-canvas') !== null,
    size: () => editor.getCurrentPageShapeIds().size,
    zoom: () => editor.getZoomLevel(),
    look: (x, y, zoom) => editor.setCamera({ x: -x, y: -y, z: zoom }),
    place: () => ({ x: -editor.getCamera().x, y: -editor.getCamera().y }),
    change(ids) {
      count += 1;
      editor.store.mergeRemoteChanges(() => {
        for (const id of ids) editor.store.update(createShapeId(id), (record) => ({ ...record, x: record.x + (count % 2 === 0 ? 1 : -1) }));
      });
    },
    grow(thing) {
      editor.store.mergeRemoteChanges(() => {
        editor.createShapes([shape(thing)]);
      });
    },
  });
}

createRoot(document.getElementById('root')).render(
  createElement(Tldraw, {
    assetUrls: getAssetUrlsByImport(),
    options: { maxShapesPerPage: 200_000 },
    snapshot: isPreparing ? undefined : { document: loaded },
    onMount: mounted,
  }),
);
