/** Excalidraw with a scene of ours, through its public package. */
import { convertToExcalidrawElements, Excalidraw } from '@excalidraw/excalidraw';
import '@excalidraw/excalidraw/index.css';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { isPreparing, load, present } from './page.js';

window.EXCALIDRAW_ASSET_PATH = '/';

const FILL = { lemon: '#ffe48a', peach: '#ffc9a3', rose: '#f9bcc8', lilac: '#d9c8f5', sky: '#b9dcf7', mint: '#bfe8cb', oat: '#e6dcc6', white: '#ffffff' };
const FORM = { rectangle: 'rectangle', ellipse: 'ellipse', diamond: 'diamond', triangle: 'diamond' };

function skeleton(thing) {
  const { id, x, y } = thing;
  const plain = { id, x, y, roughness: 0, seed: 1 };
  switch (thing.type) {
    case 'note':
      return { ...plain, type: 'rectangle', width: thing.w, height: thing.h, backgroundColor: FILL[thing.colour], fillStyle: 'solid', strokeColor: '#22201c', label: { text: thing.text, fontSize: 16 } };
    case 'shape':
      return { ...plain, type: FORM[thing.form], width: thing.w, height: thing.h, strokeColor: '#0b6b66', label: { text: thing.text, fontSize: 16 } };
    case 'zone':
      return { ...plain, type: 'rectangle', width: thing.w, height: thing.h, backgroundColor: FILL[thing.colour], fillStyle: 'solid', opacity: 25 };
    default:
      return null;
  }
}

function raw(thing, template) {
  const { id, x, y } = thing;
  if (thing.type === 'ink') {
    const points = thing.points.map(([px, py]) => [px, py]);
    return { ...template, id, type: 'freedraw', x, y, width: thing.w, height: thing.h, points, pressures: thing.points.map((p) => p[2] / 255), simulatePressure: false, lastCommittedPoint: null, strokeColor: '#6a2c70', strokeWidth: 2 };
  }
  const points = [[0, 0], [thing.x2 - x, thing.y2 - y]];
  const bind = (elementId) => ({ elementId, focus: 0, gap: 4 });
  return { ...template, id, type: 'arrow', x, y, width: Math.abs(points[1][0]), height: Math.abs(points[1][1]), points, lastCommittedPoint: null, startBinding: bind(thing.from), endBinding: bind(thing.to), startArrowhead: null, endArrowhead: 'arrow', elbowed: false, strokeColor: '#1d4f91', strokeWidth: 2 };
}

function prepared(things) {
  const elements = [];
  const boxes = things.map(skeleton).filter((one) => one !== null);
  for (let at = 0; at < boxes.length; at += 500) elements.push(...convertToExcalidrawElements(boxes.slice(at, at + 500), { regenerateIds: false }));
  const { boundElements, ...template } = structuredClone(elements[0]);
  void boundElements;
  const byId = new Map(elements.map((element) => [element.id, element]));
  for (const thing of things) {
    if (thing.type !== 'ink' && thing.type !== 'connector') continue;
    const element = { ...raw(thing, { ...template, backgroundColor: 'transparent', opacity: 100, index: null }), boundElements: [] };
    for (const end of [thing.from, thing.to]) {
      const box = byId.get(end);
      if (box !== undefined) byId.set(end, Object.assign(box, { boundElements: [...(box.boundElements ?? []), { type: 'arrow', id: thing.id }] }));
    }
    elements.push(element);
  }
  return elements;
}

const loaded = await load('excalidraw');
const elements = isPreparing ? prepared(loaded) : loaded;
if (isPreparing) present({ prepared: JSON.stringify(elements) });

function opened(api) {
  let count = 0;
  present({
    ready: () => api.getSceneElements().length >= elements.length * 0.99,
    size: () => api.getSceneElements().length,
    zoom: () => api.getAppState().zoom.value,
    look: (x, y, zoom) => api.updateScene({ appState: { scrollX: -x, scrollY: -y, zoom: { value: zoom } } }),
    place: () => ({ x: -api.getAppState().scrollX, y: -api.getAppState().scrollY }),
    change(ids) {
      const wanted = new Set(ids);
      count += 1;
      const next = api.getSceneElementsIncludingDeleted().map((element) =>
        wanted.has(element.id) ? { ...element, x: element.x + (count % 2 === 0 ? 1 : -1), version: element.version + 1, versionNonce: (element.versionNonce * 7 + count) % 2147483647 } : element,
      );
      api.updateScene({ elements: next, captureUpdate: 'NEVER' });
    },
    grow(thing) {
      const element = convertToExcalidrawElements([skeleton(thing)], { regenerateIds: false });
      api.updateScene({ elements: [...api.getSceneElementsIncludingDeleted(), ...element], captureUpdate: 'NEVER' });
    },
  });
}

createRoot(document.getElementById('root')).render(
  createElement(Excalidraw, { initialData: { elements, scrollToContent: false }, excalidrawAPI: opened }),
);
