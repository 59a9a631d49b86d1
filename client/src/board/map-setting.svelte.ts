/** Whether the small map stands open on large screens: this device remembers it; where it can't, until the page closes. */
const KEY = 'tablecloth.map';

function read(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'no';
  } catch {
    return true;
  }
}

let isOpen = $state(read());

export const mapSetting = {
  get isOpen(): boolean {
    return isOpen;
  },
  set isOpen(open: boolean) {
    isOpen = open;
    try {
      if (open) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, 'no');
    } catch {
      // The device keeps nothing: the map is as it is until the page closes.
    }
  },
};
