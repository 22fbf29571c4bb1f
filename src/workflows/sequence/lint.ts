import type { LeadProfile } from '../../client/operations/fields.ts';
import type { Finding } from '../shared/finding.ts';
import { invitationFindings, repeatedTextFindings, shortWaitFindings } from './course-lint.ts';
import { LeadFields } from './lead-fields.ts';
import { findingOf } from './rules.ts';
import { readSteps } from './steps.ts';
import { fallbackFindings, templateFindings } from './template-lint.ts';
import { treeFindings } from './tree-lint.ts';
import { variableFindings } from './variable-lint.ts';

/** What a lint can take into account with the sequence. */
export interface LintContext {
  /** Rows of GetLeadsFromList. With them, leads without a value and filled invitations are counted. */
  leads?: readonly LeadProfile[] | undefined;
}

/**
 * What is wrong with a sequence, stops first. It takes any JSON value and never throws. Of the arguments of a tool, lint the
 * tree that `sequenceOf` returns, whose InMails are objects.
 * @param root undefined or null when the campaign has no sequence.
 */
export function lintSequence(root: unknown, { leads = [] }: LintContext = {}): Finding[] {
  if (root == null) return [findingOf('noSequence', 'sequence', 'The campaign has no sequence')];
  const steps = readSteps(root);
  const fields = leads.length === 0 ? undefined : new LeadFields(leads);
  const findings = [
    ...treeFindings(steps),
    ...templateFindings(steps),
    ...variableFindings(steps, fields),
    ...fallbackFindings(steps),
    ...invitationFindings(steps, fields),
    ...repeatedTextFindings(steps),
    ...shortWaitFindings(steps),
  ];
  return [...findings.filter(isStop), ...findings.filter((finding) => !isStop(finding))];
}

function isStop({ severity }: Finding): boolean {
  return severity === 'stop';
}
