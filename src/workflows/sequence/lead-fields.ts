import type { LeadProfile } from '../../client/operations/fields.ts';
import { isBlank } from '../../lib/blank-text.ts';

/** The variables that HeyReach's own editor writes about a lead, with the field of a profile that fills each. */
const PROFILE_FIELDS = new Map([
  ['FIRST_NAME', 'firstName'],
  ['LAST_NAME', 'lastName'],
  ['COMPANY', 'companyName'],
  ['POSITION', 'position'],
  ['INDUSTRY', 'industry'],
  ['LOCATION', 'location'],
]);
/** Variables of the sender. Only the first two are documented. */
const SENDER_VARIABLES = ['MY_FIRST_NAME', 'MY_LAST_NAME'];
const SENDER_VARIABLE = /^MY_[A-Z_]+$/;

/** Names that a misspelt variable can mean. */
export const KNOWN_VARIABLES: readonly string[] = [...PROFILE_FIELDS.keys(), ...SENDER_VARIABLES];

/** Whether the sender fills the variable, and not the lead. */
export function isSenderVariable(name: string): boolean {
  return SENDER_VARIABLE.test(name);
}

/** Whether HeyReach's editor writes this variable. It fills every other one from the custom field of that name. */
export function isKnownVariable(name: string): boolean {
  return PROFILE_FIELDS.has(name) || isSenderVariable(name);
}

/** A value of a lead. `undefined` where it has none, `unknown` where the rows do not have the field. */
export type LeadValue = { text: string } | undefined | 'unknown';

/** What the rows of a list say about the variables of a sequence. */
export class LeadFields {
  /** Fields that at least one row has, with or without a value. */
  readonly #carried: ReadonlySet<string>;
  readonly customNames: ReadonlySet<string>;

  /** @param leads rows of GetLeadsFromList. HeyReach returns the same fields in each, and no industry. */
  constructor(readonly leads: readonly LeadProfile[]) {
    this.#carried = new Set(leads.flatMap((lead) => Object.keys(lead).filter((name) => lead[name] !== undefined)));
    this.customNames = new Set(leads.flatMap(customFieldsOf).flatMap(({ name }) => name ?? []));
  }

  /** The value of a variable for a lead. A blank value is none. */
  valueOf(lead: LeadProfile, variable: string): LeadValue {
    const field = PROFILE_FIELDS.get(variable);
    if (isSenderVariable(variable) || !this.#carried.has(field ?? 'customFields')) return 'unknown';
    const value = field === undefined ? customFieldsOf(lead).find(({ name }) => name === variable)?.value : lead[field];
    return typeof value !== 'string' || isBlank(value) ? undefined : { text: value };
  }

  /** How many leads have no value. */
  missing(variable: string): number | 'unknown' {
    let count = 0;
    for (const lead of this.leads) {
      const value = this.valueOf(lead, variable);
      if (value === 'unknown') return 'unknown';
      if (value === undefined) count += 1;
    }
    return count;
  }

  /** How many values a lead has in all, custom fields included. */
  filledCount(lead: LeadProfile): number {
    const fields = [...PROFILE_FIELDS.keys(), ...this.customNames];
    return fields.filter((name) => typeof this.valueOf(lead, name) === 'object').length;
  }
}

function customFieldsOf({ customFields }: LeadProfile) {
  return customFields ?? [];
}
