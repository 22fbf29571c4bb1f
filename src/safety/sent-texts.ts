/**
 * The texts that this process sent, by their digest, so that a preview can quote a message that the thread does not show
 * yet. The shared state has digests alone.
 */
export class SentTexts {
  readonly #keptMs: number;
  /** In the order of their end. */
  readonly #texts = new Map<string, { text: string; until: number }>();

  constructor(keptMs: number) {
    this.#keptMs = keptMs;
  }

  keep(digest: string, text: string): void {
    const now = performance.now();
    for (const [old, { until }] of this.#texts) {
      if (until > now) break;
      this.#texts.delete(old);
    }
    this.#texts.delete(digest);
    this.#texts.set(digest, { text, until: now + this.#keptMs });
  }

  find(digest: string): string | undefined {
    return this.#texts.get(digest)?.text;
  }
}
