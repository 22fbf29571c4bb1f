import { literal } from '../../lib/outside-text.ts';
import type { Finding } from '../shared/finding.ts';
import { findingOf, type RuleName } from './rules.ts';
import type { Step } from './steps.ts';

/** The most places that one finding names. */
const MAX_NAMED = 8;
const MAX_CODE_LENGTH = 60;

/** Where in a sequence something was found: its words, and the steps in order. */
export class Occurrences {
  readonly #words = new Set<string>();
  readonly steps = new Set<Step>();

  add(step: Step, word?: string): void {
    this.steps.add(step);
    if (word !== undefined) this.#words.add(word);
  }

  /** One finding about all of them, if there is any. @param write takes the words as they are written in the sequence. */
  findings(rule: RuleName, write: (words: string) => string): Finding[] {
    if (this.steps.size === 0) return [];
    return [findingOf(rule, this.path, write(few([...this.#words].map(inCode))))];
  }

  /** The first step whole, and the numbers of the others. */
  get path(): string {
    const [first, ...others] = this.steps;
    const numbers = others.map(({ number, path }) => (number === undefined ? path : String(number)));
    return `${first?.place ?? 'sequence'}${others.length === 0 ? '' : `, also step ${few(numbers)}`}`;
  }
}

/** A piece of a sequence as it is written. */
export function inCode(text: string): string {
  return literal(text, MAX_CODE_LENGTH);
}

function few(items: readonly string[]): string {
  const more = items.length > MAX_NAMED ? ` and ${items.length - MAX_NAMED} more` : '';
  return items.slice(0, MAX_NAMED).join(', ') + more;
}
