/** A 32-bit hash of a string (FNV-1a with a final mix), stable across runs and machines. */
export function hash32(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    h ^= text.charCodeAt(i);
    h = Math.imul(h, 0x01000193);
  }
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A number in [0, 1) that depends only on its parts: the order of calls cannot change a decision. */
export function roll(...parts: (string | number)[]): number {
  return hash32(parts.join('\u0001')) / 0x1_0000_0000;
}

const TWO_DIGITS = Array.from({ length: 0x100 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** A seeded stream of random values (mulberry32). */
export class Random {
  #state: number;

  constructor(...parts: (string | number)[]) {
    this.#state = hash32(parts.join('\u0001'));
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  /** An integer from min to max, both included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined) throw new Error('cannot pick from nothing');
    return item;
  }

  hex(length: number): string {
    let text = '';
    // Eight digits per draw, from a table: seeding makes thousands of these, and `toString(16)` takes four times as long.
    while (text.length < length) {
      const draw = Math.floor(this.next() * 0x1_0000_0000);
      for (const shift of [24, 16, 8, 0]) text += TWO_DIGITS[(draw >>> shift) & 0xff];
    }
    return text.slice(0, length);
  }

  uuid(): string {
    return `${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-${this.pick(['8', '9', 'a', 'b'])}${this.hex(3)}-${this.hex(12)}`;
  }
}
