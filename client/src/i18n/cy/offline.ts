/** Cymraeg: what is only here, and what did not fit when one came back. Keys: ../en/offline.ts. */
import type { offline as english } from '../en/offline';
import type { Said } from '../message';

export const offline: Said<typeof english> = {
  'status.page': {
    zero: '{count} newid ar y dudalen hon yn unig',
    one: '{count} newid ar y dudalen hon yn unig',
    two: '{count} newid ar y dudalen hon yn unig',
    few: '{count} newid ar y dudalen hon yn unig',
    many: '{count} newid ar y dudalen hon yn unig',
    other: '{count} newid ar y dudalen hon yn unig',
  },
  'status.page.long': {
    zero: 'Nid yw’r porwr hwn yn cadw dim. Gadewch y dudalen ar agor nes cadw {count} newid.',
    one: 'Nid yw’r porwr hwn yn cadw dim. Gadewch y dudalen ar agor nes cadw {count} newid.',
    two: 'Nid yw’r porwr hwn yn cadw dim. Gadewch y dudalen ar agor nes cadw {count} newid.',
    few: 'Nid yw’r porwr hwn yn cadw dim. Gadewch y dudalen ar agor nes cadw {count} newid.',
    many: 'Nid yw’r porwr hwn yn cadw dim. Gadewch y dudalen ar agor nes cadw {count} newid.',
    other: 'Nid yw’r porwr hwn yn cadw dim. Gadewch y dudalen ar agor nes cadw {count} newid.',
  },
};
