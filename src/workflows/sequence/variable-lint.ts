import { closestMatch } from '../../lib/closest-match.ts';
import { readPlaces } from '../../lib/template-variables.ts';
import type { Finding } from '../shared/finding.ts';
import { isKnownVariable, isSenderVariable, KNOWN_VARIABLES, type LeadFields } from './lead-fields.ts';
import { inCode, Occurrences } from './occurrences.ts';
import { findingOf } from './rules.ts';
import type { Step } from './steps.ts';

/** Variables that may be misspelt, that need a custom field, or that have no value for some leads: one finding a variable. */
export function variableFindings(steps: readonly Step[], fields: LeadFields | undefined): Finding[] {
  const all = new Map<string, Occurrences>();
  const inMessages = new Map<string, Occurrences>();
  for (const step of steps) {
    for (const name of namesIn(step.variants.flat())) add(inMessages, name, step);
    for (const name of namesIn([...step.variants.flat(), ...(step.fallback ?? [])])) add(all, name, step);
  }
  const customNames = fields?.customNames ?? new Set();
  return [...all].flatMap(([name, occurrences]): Finding[] => {
    if (isSenderVariable(name)) return [];
    if (!isKnownVariable(name) && !customNames.has(name)) return [unknownVariable(name, occurrences, fields)];
    const used = inMessages.get(name);
    return used === undefined || fields === undefined ? [] : missingValues(name, used, fields);
  });
}

function unknownVariable(name: string, occurrences: Occurrences, fields: LeadFields | undefined): Finding {
  const written = inCode(`{${name}}`);
  const match = closestMatch(name, [...KNOWN_VARIABLES, ...(fields?.customNames ?? [])]);
  const leads = fields === undefined ? undefined : countOf(name, fields);
  if (match !== undefined) {
    const problem = `A variable may be misspelt: ${written} (did you mean ${inCode(`{${match}}`)}?)`;
    return findingOf('misspeltVariable', occurrences.path, problem, leads);
  }
  const problem = `Filled only for leads with a custom field of exactly this name: ${written}`;
  return findingOf('customVariable', occurrences.path, problem, leads);
}

function missingValues(name: string, occurrences: Occurrences, fields: LeadFields): Finding[] {
  const leads = countOf(name, fields);
  if (leads === 'unknown') {
    const problem = `HeyReach does not list ${inCode(name)}, so the leads without it cannot be counted`;
    return [findingOf('uncountableValue', occurrences.path, problem, leads)];
  }
  if (leads.count === 0) return [];
  const hasFallback = [...occurrences.steps].every(({ fallback }) => fallback !== undefined);
  const result = hasFallback ? 'they get the fallback' : 'they should get a fallback, and there is none';
  return [findingOf('missingValue', occurrences.path, `Leads have no ${inCode(name)}: ${result}`, leads)];
}

/** Leads without a value. */
function countOf(name: string, fields: LeadFields): NonNullable<Finding['leads']> {
  const count = fields.missing(name);
  return count === 'unknown' ? count : { count, of: fields.leads.length };
}

function namesIn(texts: readonly string[]): Set<string> {
  const places = texts.flatMap(readPlaces);
  return new Set(places.flatMap(({ kind, name }) => (kind === 'single' ? name : [])));
}

function add(groups: Map<string, Occurrences>, name: string, step: Step): void {
  const occurrences = groups.get(name) ?? new Occurrences();
  occurrences.add(step);
  groups.set(name, occurrences);
}
