import type { Finding } from '../shared/finding.ts';

interface Rule {
  /** What it finds. */
  what: string;
  severity: Finding['severity'];
  /** Why it has this severity. */
  reason: string;
  /** The next step. */
  fix: string;
}

/**
 * Every rule of the lint. `stop` marks a problem that HeyReach rejects or that a lead would notice. Variable syntax alone is
 * never a `stop`: HeyReach's editor writes `{FIRST_NAME}`, its blog `{{firstName}}`.
 */
export const RULES = {
  noSequence: {
    what: 'no sequence',
    severity: 'stop',
    reason: 'HeyReach cannot start a campaign without a sequence.',
    fix: 'Set it with update_campaign_sequence.',
  },
  invalidTree: {
    what: 'a step, delay, branch or payload that HeyReach rejects',
    severity: 'stop',
    reason: 'HeyReach rejects such a tree.',
    fix: 'Correct the step.',
  },
  unknownStep: {
    what: 'a type of step that this server does not know',
    severity: 'warn',
    reason: 'HeyReach may have steps that this server does not know.',
    fix: 'Check it in HeyReach. Neither it nor its delays are checked here.',
  },
  unknownField: {
    what: 'a field of a payload that looks like a typo',
    severity: 'warn',
    reason: 'HeyReach may have fields that this server does not know.',
    fix: 'Correct the name, or HeyReach ignores the field.',
  },
  draftText: {
    what: 'a note of the author: `[insert pitch]`, `<your company>`, `TODO:`, `lorem ipsum`',
    severity: 'stop',
    reason: "The lead would receive the author's note.",
    fix: 'Write the final text.',
  },
  longInvitation: {
    what: 'an invitation over 300 characters once filled for the longest lead',
    severity: 'stop',
    reason: 'An invitation has at most 300 characters.',
    fix: 'Shorten it, so that the longest name and company fit.',
  },
  foreignVariable: {
    what: 'another form of a variable or of a note: `{{firstName}}`, `%NAME%`, `[Berlin]`, `TBD`, `TODO` in a sentence',
    severity: 'warn',
    reason: 'The syntax of variables is disputed. Brackets may be intended, and TODO is also a Spanish word.',
    fix: "HeyReach's own editor writes variables like {FIRST_NAME}.",
  },
  mixedStyles: {
    what: '`{X}` and `{{x}}` in one sequence',
    severity: 'warn',
    reason: 'HeyReach may fill both styles.',
    fix: "Write all variables as HeyReach's own editor does, such as {FIRST_NAME}.",
  },
  misspeltVariable: {
    what: 'a variable that may be misspelt: `{COMPANYY}`',
    severity: 'warn',
    reason: 'A custom field may have this name.',
    fix: 'Correct it, or every lead without such a custom field gets the fallback.',
  },
  customVariable: {
    what: 'a variable that no custom field is known for',
    severity: 'warn',
    reason: 'Leads may get the custom field before the start.',
    fix: 'Give the leads this field, or remove the variable. Leads without it get the fallback.',
  },
  missingValue: {
    what: 'a variable without a value for some leads of the list',
    severity: 'warn',
    reason: 'HeyReach sends the fallback to these leads.',
    fix: 'Read the fallback, or complete the leads.',
  },
  uncountableValue: {
    what: 'a variable that the rows of a list do not have, such as `{INDUSTRY}`',
    severity: 'warn',
    reason: 'The rows of a list do not have the field.',
    fix: 'Read the fallback. get_lead returns more fields of one person.',
  },
  unclosedBrace: {
    what: 'a brace without its partner',
    severity: 'warn',
    reason: 'A single brace may be intended.',
    fix: 'Close the brace, or the variable may not be filled in.',
  },
  missingFallback: {
    what: 'a variable without a fallback',
    severity: 'warn',
    reason: 'Every lead may have a value.',
    fix: 'Add a fallbackMessage without variables. HeyReach sends the fallback where a variable has no value.',
  },
  variableInFallback: {
    what: 'a variable in a fallback',
    severity: 'warn',
    reason: 'HeyReach does not document whether it fills a fallback.',
    fix: 'Write the fallback without variables.',
  },
  linkInInvitation: {
    what: 'a link in an invitation',
    severity: 'warn',
    reason: 'LinkedIn delivers it, and a person may want it there.',
    fix: 'Move the link to a later message.',
  },
  repeatedText: {
    what: 'two messages with the same text on one path',
    severity: 'warn',
    reason: 'A lead may reply before the second message.',
    fix: 'Write another text for one of the two steps.',
  },
  shortWait: {
    what: 'less than a day between two messages',
    severity: 'warn',
    reason: 'HeyReach requires only 3 hours.',
    fix: 'Set the delay to at least 1 DAY.',
  },
  earlyWithdrawal: {
    what: 'a withdrawal of the invitation before the branch "not accepted" ends',
    severity: 'warn',
    reason: 'The later steps do not need an invitation.',
    fix: 'Raise toBeWithdrawnAfterDays, or shorten the unconditional branch.',
  },
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof RULES;

/** A finding of a rule. */
export function findingOf(rule: RuleName, path: string, problem: string, leads?: Finding['leads']): Finding {
  const { severity, fix } = RULES[rule];
  return { severity, path, problem, ...(leads === undefined ? {} : { leads }), fix };
}
