import { replaceVariables } from '../../lib/template-variables.ts';
import { countNoun } from '../../lib/text-format.ts';
import type { Finding } from '../shared/finding.ts';
import { fillText } from './fill.ts';
import type { LeadFields } from './lead-fields.ts';
import { Occurrences } from './occurrences.ts';
import { findingOf } from './rules.ts';
import type { Step } from './steps.ts';

/** Characters of an invitation on LinkedIn. */
const MAX_INVITATION = 300;
const HOURS_PER_DAY = 24;
/** A web address, with or without its scheme. */
const LINK =
  /(?:https?:\/\/|\bwww\.)[^\s<>]+|\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|co|ai|app|dev|me|ly|eu|de|uk|fr|nl)\b(?:\/\S*)?/i;

/** Invitations with a link, with too many characters for some leads, or withdrawn before their branch ends. */
export function invitationFindings(steps: readonly Step[], fields: LeadFields | undefined): Finding[] {
  const links = new Occurrences();
  const invitations = steps.filter(({ type }) => type === 'CONNECTION_REQUEST');
  for (const step of invitations) {
    for (const text of [...step.variants.flat(), ...(step.fallback ?? [])]) {
      const link = LINK.exec(text)?.[0];
      if (link !== undefined) links.add(step, link);
    }
  }
  return [
    ...invitations.flatMap((step) => (fields === undefined ? [] : longInvitation(step, fields))),
    ...links.findings('linkInInvitation', (words) => `The invitation has a link: ${words}`),
    ...invitations.flatMap((step) => earlyWithdrawal(step, steps)),
  ];
}

/** Counts leads who would get the text itself, not the fallback. Unknown values count as empty, so nothing is overstated. */
function longInvitation(step: Step, fields: LeadFields): Finding[] {
  const texts = step.variants.flat().filter((text) => text.length <= MAX_INVITATION);
  let longest = 0;
  let count = 0;
  for (const lead of fields.leads) {
    const lengths = texts.map((text) => {
      const filled = fillText(text, lead, fields);
      return filled.missing.length > 0 ? 0 : replaceVariables(filled.text, emptyIf(filled.unknown)).length;
    });
    const length = Math.max(0, ...lengths);
    if (length > MAX_INVITATION) count += 1;
    longest = Math.max(longest, length);
  }
  if (count === 0) return [];
  const problem = `Once filled, the invitation has up to ${longest} characters, ${MAX_INVITATION} at most`;
  return [findingOf('longInvitation', step.place, problem, { count, of: fields.leads.length })];
}

function emptyIf(names: readonly string[]) {
  return (name: string, place: string) => (names.includes(name) ? '' : place);
}

function earlyWithdrawal(step: Step, steps: readonly Step[]): Finding[] {
  const days = step.payload.toBeWithdrawnAfterDays;
  if (typeof days !== 'number') return [];
  const branch = steps.filter(({ path }) => `${path}.`.startsWith(`${step.path}.unconditionalNode.`));
  const lasts = Math.max(0, ...branch.map(({ hours }) => hours - step.hours));
  if (days * HOURS_PER_DAY >= lasts) return [];
  const problem = `The invitation is withdrawn after ${countNoun(days, 'day')}, but the branch "not accepted" takes ${showHours(lasts)}`;
  return [findingOf('earlyWithdrawal', step.place, problem)];
}

/** Messages with the text of an earlier message on the same path. */
export function repeatedTextFindings(steps: readonly Step[]): Finding[] {
  return steps.flatMap((step) => {
    const texts = keysOf(step);
    const earlier = messagesBefore(step).find((before) => keysOf(before).some((text) => texts.includes(text)));
    if (earlier === undefined) return [];
    return [findingOf('repeatedText', step.place, `The lead already gets this text in step ${earlier.number}`)];
  });
}

/** Messages less than a day after the message before. */
export function shortWaitFindings(steps: readonly Step[]): Finding[] {
  return steps.flatMap((step) => {
    const [before] = messagesBefore(step);
    if (before === undefined) return [];
    const wait = step.hours - before.hours;
    if (wait >= HOURS_PER_DAY) return [];
    return [
      findingOf('shortWait', step.place, `The message follows only ${showHours(wait)} after step ${before.number}`),
    ];
  });
}

/** The messages on the path to a message, the last one first. */
function messagesBefore(step: Step): Step[] {
  if (!isMessage(step)) return [];
  const before: Step[] = [];
  for (let at = step.parent; at !== undefined; at = at.parent) if (isMessage(at)) before.push(at);
  return before;
}

function isMessage({ type }: Step): boolean {
  return type === 'MESSAGE' || type === 'INMAIL';
}

/** The texts of a step, equal for texts that read alike. */
function keysOf({ variants }: Step): string[] {
  return variants.map((parts) => (parts.at(-1) ?? '').toLowerCase().replace(/\s+/g, ' ').trim());
}

function showHours(hours: number): string {
  return hours > 0 && hours % HOURS_PER_DAY === 0 ? countNoun(hours / HOURS_PER_DAY, 'day') : countNoun(hours, 'hour');
}
