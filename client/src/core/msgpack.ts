/**
 * MessagePack as the fold needs it: one way to write each value, and a reader that refuses every other (FOLD-1, FOLD-70).
 *
 * It has no mirror in `server/tablecloth/core`, where msgspec does this: there, what was read is written again and compared;
 * here, the reader asks each integer and each length whether it is in its shortest form. Rejected: a general decoder. It
 * answers 1.0 and 1 alike, rounds 2^53 + 1, drops a byte order mark and builds objects from keys that come from data, and
 * each of these would make one head readable in one language and not in the other.
 */

const BLOCK = 1024;
const SAFE_HIGH = 0x1f_ffff; // 2^53 - 1 is 21 high bits and 32 low ones

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Bytes that are not what was asked for. `fold` turns it into a reason; it never leaves the core's readers. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** What stands next in the bytes. */
export type Shape = 'nil' | 'int' | 'str' | 'bin' | 'array' | 'map' | 'other';

function atLeast(value: number, low: number): number {
  if (value < low) throw new Unreadable('not in its shortest form');
  return value;
}

/** Reads one value after another. Every method throws Unreadable when something else stands there, or the bytes end. */
export class Reader {
  readonly #data: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  /** Throws if anything is left. */
  end(): void {
    if (this.#at !== this.#data.length) throw new Unreadable('bytes are left over');
  }

  /** What the next value is; reads nothing. */
  peek(): Shape {
    const byte = this.#data[this.#at];
    if (byte === undefined) throw new Unreadable('the bytes end too early');
    if (byte < 0x80 || byte >= 0xe0 || (byte >= 0xcc && byte <= 0xd3)) return 'int';
    if (byte < 0x90 || byte === 0xde || byte === 0xdf) return 'map';
    if (byte < 0xa0 || byte === 0xdc || byte === 0xdd) return 'array';
    if (byte < 0xc0 || (byte >= 0xd9 && byte <= 0xdb)) return 'str';
    if (byte === 0xc0) return 'nil';
    return byte >= 0xc4 && byte <= 0xc6 ? 'bin' : 'other';
  }

  /** Reads a nil, if one stands here. */
  nil(): boolean {
    if (this.peek() !== 'nil') return false;
    this.#at += 1;
    return true;
  }

  /** An integer of at most 53 bits, in its shortest form; a float never, though it be whole. */
  int(): number {
    const byte = this.#byte();
    if (byte < 0x80) return byte;
    if (byte >= 0xe0) return byte - 0x100;
    switch (byte) {
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#unsigned(byte - 0xcc, 0x80);
      case 0xcf:
        return atLeast(this.#int64(false), 0x1_0000_0000);
      case 0xd0:
        return -atLeast(-this.#view.getInt8(this.#skip(1)), 0x21);
      case 0xd1:
        return -atLeast(-this.#view.getInt16(this.#skip(2)), 0x81);
      case 0xd2:
        return -atLeast(-this.#view.getInt32(this.#skip(4)), 0x8001);
      case 0xd3:
        return -atLeast(-this.#int64(true), 0x8000_0001);
      default:
        throw new Unreadable('not an integer');
    }
  }

  str(): string {
    const byte = this.#byte();
    if (byte >= 0xa0 && byte < 0xc0) return this.#text(byte & 0x1f);
    if (byte >= 0xd9 && byte <= 0xdb) return this.#text(this.#unsigned(byte - 0xd9, 0x20));
    throw new Unreadable('not a string');
  }

  /** A view of the bytes, not a copy. */
  bin(): Uint8Array {
    const byte = this.#byte();
    if (byte < 0xc4 || byte > 0xc6) throw new Unreadable('not bytes');
    const size = this.#unsigned(byte - 0xc4, 0);
    const start = this.#skip(size);
    return this.#data.subarray(start, start + size);
  }

  /** How many items the array that begins here has. */
  array(): number {
    const byte = this.#byte();
    if (byte >= 0x90 && byte < 0xa0) return byte & 0x0f;
    if (byte === 0xdc || byte === 0xdd) return this.#unsigned(byte - 0xdb, 0x10);
    throw new Unreadable('not an array');
  }

  /** How many pairs the map that begins here has. */
  map(): number {
    const byte = this.#byte();
    if (byte >= 0x80 && byte < 0x90) return byte & 0x0f;
    if (byte === 0xde || byte === 0xdf) return this.#unsigned(byte - 0xdd, 0x10);
    throw new Unreadable('not a map');
  }

  /** A number of 1, 2 or 4 bytes (`width` 0, 1 or 2) that no shorter form could hold. `low`: the least of one byte. */
  #unsigned(width: number, low: number): number {
    if (width === 0) return atLeast(this.#byte(), low);
    if (width === 1) return atLeast(this.#view.getUint16(this.#skip(2)), low === 0x10 ? low : 0x100);
    return atLeast(this.#view.getUint32(this.#skip(4)), 0x1_0000);
  }

  #byte(): number {
    const byte = this.#data[this.#at];
    if (byte === undefined) throw new Unreadable('the bytes end too early');
    this.#at += 1;
    return byte;
  }

  #skip(size: number): number {
    const start = this.#at;
    if (start + size > this.#data.length) throw new Unreadable('the bytes end too early');
    this.#at = start + size;
    return start;
  }

  #int64(signed: boolean): number {
    const start = this.#skip(8);
    const high = signed ? this.#view.getInt32(start) : this.#view.getUint32(start);
    const value = high * 0x1_0000_0000 + this.#view.getUint32(start + 4);
    if (high > SAFE_HIGH || high < -SAFE_HIGH - 1 || !Number.isSafeInteger(value)) {
      throw new Unreadable('more than 53 bits');
    }
    return value;
  }

  #text(size: number): string {
    const start = this.#skip(size);
    const data = this.#data;
    if (size < 40) {
      let text = '';
      for (let i = start; i < start + size; i += 1) {
        const byte = data[i] as number;
        if (byte >= 0x80) return this.#decode(start, size);
        text += String.fromCharCode(byte);
      }
      return text;
    }
    return this.#decode(start, size);
  }

  #decode(start: number, size: number): string {
    try {
      return decoder.decode(this.#data.subarray(start, start + size));
    } catch {
      throw new Unreadable('not UTF-8');
    }
  }
}

/** Writes one value after another, each in its shortest form. */
export class Writer {
  #data = new Uint8Array(BLOCK);
  #view = new DataView(this.#data.buffer);
  #size = 0;

  /** What was written, as bytes of its own. */
  bytes(): Uint8Array {
    return this.#data.slice(0, this.#size);
  }

  nil(): void {
    this.#byte(0xc0);
  }

  /** An integer of at most 53 bits. Throws RangeError for anything else: it would mean a bug, not bad data. */
  int(value: number): void {
    if (!Number.isSafeInteger(value)) throw new RangeError(`not an integer of 53 bits: ${value}`);
    if (value >= 0) this.#positive(value);
    else this.#negative(value);
  }

  str(value: string): void {
    if (value.length < 32 && this.#ascii(value)) return;
    const text = encoder.encode(value);
    const size = text.length;
    if (size < 32) this.#byte(0xa0 | size);
    else this.#sized(size, 0xd9, 0xda, 0xdb);
    this.#raw(text);
  }

  bin(value: Uint8Array): void {
    this.#sized(value.length, 0xc4, 0xc5, 0xc6);
    this.#raw(value);
  }

  array(count: number): void {
    if (count < 16) this.#byte(0x90 | count);
    else this.#sized(count, null, 0xdc, 0xdd);
  }

  map(count: number): void {
    if (count < 16) this.#byte(0x80 | count);
    else this.#sized(count, null, 0xde, 0xdf);
  }

  #positive(value: number): void {
    if (value < 0x80) this.#byte(value);
    else if (value < 0x1_0000_0000) this.#sized(value, 0xcc, 0xcd, 0xce);
    else this.#wide(0xcf, value);
  }

  #negative(value: number): void {
    if (value >= -0x20) this.#byte(value & 0xff);
    else if (value >= -0x80) {
      this.#byte(0xd0);
      this.#byte(value & 0xff);
    } else if (value >= -0x8000) {
      this.#byte(0xd1);
      const start = this.#grow(2);
      this.#view.setInt16(start, value);
    } else if (value >= -0x8000_0000) {
      this.#byte(0xd2);
      const start = this.#grow(4);
      this.#view.setInt32(start, value);
    } else this.#wide(0xd3, value);
  }

  #wide(mark: number, value: number): void {
    this.#byte(mark);
    const start = this.#grow(8);
    const high = Math.floor(value / 0x1_0000_0000);
    this.#view.setInt32(start, high);
    this.#view.setUint32(start + 4, value - high * 0x1_0000_0000);
  }

  #sized(size: number, mark8: number | null, mark16: number, mark32: number): void {
    if (mark8 !== null && size < 0x100) {
      this.#byte(mark8);
      this.#byte(size);
    } else if (size < 0x1_0000) {
      this.#byte(mark16);
      const start = this.#grow(2);
      this.#view.setUint16(start, size);
    } else {
      this.#byte(mark32);
      const start = this.#grow(4);
      this.#view.setUint32(start, size);
    }
  }

  /** Writes a short string of ASCII; writes nothing and answers false if it is not. */
  #ascii(value: string): boolean {
    const size = value.length;
    const start = this.#grow(size + 1);
    for (let i = 0; i < size; i += 1) {
      const unit = value.charCodeAt(i);
      if (unit >= 0x80) {
        this.#size = start;
        return false;
      }
      this.#data[start + 1 + i] = unit;
    }
    this.#data[start] = 0xa0 | size;
    return true;
  }

  #byte(byte: number): void {
    const start = this.#grow(1);
    this.#data[start] = byte;
  }

  #raw(data: Uint8Array): void {
    const start = this.#grow(data.length);
    this.#data.set(data, start);
  }

  /** Where `size` more bytes begin. Ask first, write then: it may replace the buffer. */
  #grow(size: number): number {
    const start = this.#size;
    const end = start + size;
    if (end > this.#data.length) {
      const grown = new Uint8Array(Math.max(end, this.#data.length * 2));
      grown.set(this.#data.subarray(0, start));
      this.#data = grown;
      this.#view = new DataView(grown.buffer);
    }
    this.#size = end;
    return start;
  }
}
