// Put into pages by tests/browser/test_typing.py: goes to places in the box that is being written in, and watches that
// whatever others write moves neither caret nor selection away from the letters around them.
//
// What is not done by a key of this page is done for others. After each such change the words before the caret must have
// become the words before it, and those behind it those behind it, by a shortest way from the old words to the new:
// `distance` counts letters that come and go.
(() => {
  const faults = [];
  let box = null;
  let isOwn = false;
  let last = null;
  let changes = 0;
  let selected = 0;

  const units = (text) => [...text];

  /** How many letters must come or go between two lists of letters (Myers, without the path). */
  function distance(before, after) {
    let start = 0;
    while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
    let [one, two] = [before.length, after.length];
    while (one > start && two > start && before[one - 1] === after[two - 1]) [one, two] = [one - 1, two - 1];
    const a = before.slice(start, one);
    const b = after.slice(start, two);
    if (a.length === 0 || b.length === 0) return a.length + b.length;
    const most = a.length + b.length;
    const reach = new Map([[1, 0]]);
    for (let d = 0; d <= most; d += 1) {
      for (let k = -d; k <= d; k += 2) {
        const down = k === -d || (k !== d && reach.get(k - 1) < reach.get(k + 1));
        let x = down ? reach.get(k + 1) : reach.get(k - 1) + 1;
        while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
        reach.set(k, x);
        if (x >= a.length && x - k >= b.length) return d;
      }
    }
    return most;
  }

  function state() {
    return { value: box.value, start: box.selectionStart, end: box.selectionEnd };
  }

  function isBetween(before, from, after, to) {
    const parts = distance(units(before.slice(0, from)), units(after.slice(0, to)));
    return parts + distance(units(before.slice(from)), units(after.slice(to))) === distance(units(before), units(after));
  }

  /** Something that no key of this page did. */
  function judge() {
    const now = state();
    if (now.value === last.value && now.start === last.start && now.end === last.end) return;
    changes += 1;
    if (last.start !== last.end) selected += 1;
    const isWhole = isBetween(last.value, last.start, now.value, now.start) && isBetween(last.value, last.end, now.value, now.end);
    if (!isWhole && faults.length < 5) faults.push(JSON.stringify([last, now]));
    last = now;
  }

  /** A property or method of the box, watched: what is done through it by the page is judged when it is done. */
  function watch(name, isSettled) {
    const proto = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, name);
    if (proto.set !== undefined) {
      Object.defineProperty(box, name, { get: proto.get, set: (to) => proto.set.call(box, to), configurable: true });
      return;
    }
    box[name] = (...given) => {
      proto.value.apply(box, given);
      if (!isOwn && isSettled) judge();
    };
  }

  const until = (look, node) =>
    new Promise((resolve) => {
      if (look() !== null) return resolve(look());
      const observer = new MutationObserver(() => {
        if (look() === null) return;
        observer.disconnect();
        resolve(look());
      });
      observer.observe(node, { attributes: true });
    });
  /** Let the page do what waits: a message of its own comes after what came before, and sooner than a timer. */
  const turn = () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    });
  const seq = () => Number(document.querySelector('.board[data-seq]').dataset.seq);

  window.typing = {
    begin() {
      box = document.activeElement;
      last = state();
      watch('setSelectionRange', true);
      // Keys and input methods alone: what happens between is somebody else's.
      const own = () => {
        // A selection that moved while the words stayed was moved by hand.
        if (!isOwn && last.value !== box.value) judge();
        if (last.value === box.value) last = state();
        isOwn = true;
      };
      const done = () => {
        isOwn = false;
        last = state();
      };
      for (const name of ['keydown', 'compositionstart', 'compositionupdate', 'beforeinput']) window.addEventListener(name, own, true);
      for (const name of ['input', 'keyup', 'compositionend']) window.addEventListener(name, done);
      document.addEventListener('selectionchange', () => isOwn && done());
    },
    /** Put the caret where these words are, as a click does. */
    goTo({ about, before, after }) {
      judge();
      const { value } = box;
      const points = units(value);
      const start = points.slice(0, about).join('').length;
      let best = null;
      for (const [left, right] of [[before, after], [before.slice(-8), after.slice(0, 8)], [before.slice(-8), ''], ['', after.slice(0, 8)]]) {
        const wanted = left + right;
        if (wanted === '') continue;
        for (let at = value.indexOf(wanted); at >= 0; at = value.indexOf(wanted, at + 1)) {
          const place = at + left.length;
          if (best === null || Math.abs(place - start) < Math.abs(best - start)) best = place;
        }
        if (best !== null) break;
      }
      const place = best ?? Math.min(start, value.length);
      HTMLTextAreaElement.prototype.setSelectionRange.call(box, place, place);
      last = state();
    },
    /** Resolves with the tip once all that was written here is saved. */
    saved: () => {
      const status = document.querySelector('[data-status]');
      return until(() => (status.dataset.status === 'saved' ? seq() : null), status);
    },
    reached: (wanted) => until(() => (seq() >= wanted ? true : null), document.querySelector('.board[data-seq]')),
    /** Write through the editor's own commands, as input methods do: each letter a `beforeinput` and an `input`. */
    async write(keys) {
      for (const { letter, place } of keys) {
        if (place !== null) this.goTo(place);
        if (letter === '') document.execCommand('delete');
        else if (letter === '\n') document.execCommand('insertLineBreak');
        else document.execCommand('insertText', false, letter);
        await turn();
      }
    },
    isSelected: () => box.selectionStart !== box.selectionEnd,
    words: () => box.value,
    report() {
      judge();
      return { faults, changes, selected };
    },
  };
})();
