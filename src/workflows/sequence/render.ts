import type { LeadProfile } from '../../client/operations/fields.ts';
import { quoteName, showConstant } from '../../lib/outside-text.ts';
import { readPlaces } from '../../lib/template-variables.ts';
import { fullName } from '../../lib/text-format.ts';
import { type FilledText, fillText } from './fill.ts';
import { isSenderVariable, LeadFields } from './lead-fields.ts';
import { inCode } from './occurrences.ts';
import { readSteps, type Step } from './steps.ts';

/** The texts that one lead would read. */
export interface RenderedLead {
  /** The name, quoted. */
  lead: string;
  chosenFor: 'most fields' | 'fewest fields' | 'non-Latin name' | 'another lead';
  /** A line for each text: `step 2 MESSAGE, variant 1 of 2: "Hi Jane, ..."`. A fallback that goes out is marked FALLBACK. */
  texts: string[];
}

/** The most that one lead takes, in bytes of UTF-8 as JSON. Three leads with four steps each are about 900 tokens. */
export const MAX_LEAD_BYTES = 1_150;
const MAX_NAME = 60;
/** More texts never fit: each has a label. */
const MAX_TEXTS = 100;
/** How long a text may be, tried from the longest. */
const CLIPS = [600, 450, 350, 280, 220, 180, 140, 110, 80, 60, 40];

/**
 * The texts of a sequence as real leads would read them. First come the leads with the most and the fewest values, and one with
 * a non-Latin name. Others follow in the order of the list. Never throws.
 * @param leads rows of GetLeadsFromList.
 * @param count how many leads to render. Each takes at most MAX_LEAD_BYTES.
 */
export function renderSequence(root: unknown, leads: readonly LeadProfile[], count: number): RenderedLead[] {
  const steps = root == null ? [] : readSteps(root).filter(({ variants }) => variants.length > 0);
  if (steps.length === 0) return [];
  const fields = new LeadFields(leads);
  return choose(steps, fields, count).map(([lead, chosenFor]) => fitLead(steps, { lead, chosenFor, fields }));
}

interface Chosen {
  lead: LeadProfile;
  chosenFor: RenderedLead['chosenFor'];
  fields: LeadFields;
}

function choose(steps: readonly Step[], fields: LeadFields, count: number): [LeadProfile, RenderedLead['chosenFor']][] {
  const { leads } = fields;
  const used = new Set(
    steps
      .flatMap(({ variants }) => variants.flat())
      .flatMap(readPlaces)
      .map(({ name }) => name),
  );
  const isFilled = (lead: LeadProfile) => (name: string) => typeof fields.valueOf(lead, name) === 'object';
  // Values that the texts use count first. No lead has a thousand others.
  const score = (lead: LeadProfile) => [...used].filter(isFilled(lead)).length * 1_000 + fields.filledCount(lead);
  const scored = leads.map((lead) => ({ lead, score: score(lead) }));
  const most = scored.reduce((best, at) => (at.score > best.score ? at : best), scored[0]!);
  const fewest = scored.reduce((best, at) => (at.score < best.score ? at : best), scored[0]!);
  const chosen = new Map<LeadProfile, RenderedLead['chosenFor']>();
  const add = (lead: LeadProfile | undefined, reason: RenderedLead['chosenFor']) => {
    if (lead !== undefined && !chosen.has(lead) && chosen.size < count) chosen.set(lead, reason);
  };
  if (leads.length > 0) {
    add(most.lead, 'most fields');
    add(fewest.lead, 'fewest fields');
  }
  add(
    leads.find((lead) => isNonLatin(lead) && !chosen.has(lead)),
    'non-Latin name',
  );
  for (const lead of leads) add(lead, 'another lead');
  return [...chosen];
}

function isNonLatin({ firstName, lastName }: LeadProfile): boolean {
  return /(?!\p{Script=Latin})\p{L}/u.test(`${firstName ?? ''}${lastName ?? ''}`);
}

/** The rendered lead with its texts as long as the budget allows. */
function fitLead(steps: readonly Step[], { lead, chosenFor, fields }: Chosen): RenderedLead {
  const name = quoteName(fullName(lead), MAX_NAME) || 'a lead without a name';
  const lines = steps.flatMap((step) => linesOf(step, lead, fields));
  const withTexts = (texts: string[]): RenderedLead => ({ lead: name, chosenFor, texts });
  let texts: string[] = [];
  for (const clip of CLIPS) {
    texts = lines.map((line) => line(clip));
    if (fits(withTexts(texts))) return withTexts(texts);
  }
  // Even the shortest texts are too long together.
  const first = (count: number) => [...texts.slice(0, count), `${texts.length - count} more texts are omitted`];
  let count = Math.min(texts.length - 1, MAX_TEXTS);
  while (count > 0 && !fits(withTexts(first(count)))) count -= 1;
  return withTexts(first(count));
}

function fits(rendered: RenderedLead): boolean {
  return Buffer.byteLength(JSON.stringify(rendered)) <= MAX_LEAD_BYTES;
}

/** A line as a function of how long its text may be. */
type Line = (clip: number) => string;

/** The variants of a step, and the fallback once for all variants that a value is missing for. */
function linesOf(step: Step, lead: LeadProfile, fields: LeadFields): Line[] {
  const variants = step.variants.map((parts, index) => ({
    number: index + 1,
    ...fillText(parts.join(': '), lead, fields),
  }));
  const complete = variants.filter(({ missing }) => missing.length === 0);
  const incomplete = variants.filter(({ missing }) => missing.length > 0);
  const label = (numbers: readonly number[]) => {
    const name = `step ${step.number} ${showConstant(step.type)}`;
    const word = numbers.length === 1 ? 'variant' : 'variants';
    return variants.length === 1 ? name : `${name}, ${word} ${numbers.join(', ')} of ${variants.length}`;
  };
  const lines = complete.map(
    ({ number, ...filled }): Line =>
      (clip) =>
        `${label([number])}: ${quoteName(filled.text, clip)}${unknownNote(filled)}`,
  );
  if (incomplete.length === 0) return lines;
  const numbers = incomplete.map(({ number }) => number);
  const missing = [...new Set(incomplete.flatMap((filled) => filled.missing))].slice(0, 3).map(inCode).join(', ');
  // A fallback stays as it is written: HeyReach does not document whether it fills one.
  const fallback = step.fallback?.join(': ');
  const sent = (clip: number) => (fallback === undefined ? 'is missing' : quoteName(fallback, clip));
  return [...lines, (clip) => `${label(numbers)}: FALLBACK ${sent(clip)} (no ${missing})`];
}

function unknownNote({ unknown }: FilledText): string {
  const names = unknown.filter((name) => !isSenderVariable(name));
  return names.length === 0 ? '' : ` (unknown: ${names.slice(0, 3).map(inCode).join(', ')})`;
}
