import { hasUnclosedBrace, readPlaces, type TemplatePlace } from '../../lib/template-variables.ts';
import type { Finding } from '../shared/finding.ts';
import { Occurrences } from './occurrences.ts';
import type { Step } from './steps.ts';

/** Notes of the author, forms of variables that HeyReach may not fill in, and braces without a partner. */
export function templateFindings(steps: readonly Step[]): Finding[] {
  const all = steps.flatMap((step) => textsOf(step).flatMap((text) => readPlaces(text).map((at) => ({ step, ...at }))));
  // Where HeyReach fills `{X}`, it is doubtful that it fills `{{x}}` too.
  const isMixed = all.some(({ kind }) => kind === 'single');
  const drafts = new Occurrences();
  const doubles = new Occurrences();
  const foreign = new Occurrences();
  for (const { step, kind, place } of all) {
    if (kind === 'draft') drafts.add(step, place);
    if (kind === 'double') (isMixed ? doubles : foreign).add(step, place);
    if (kind === 'foreign') foreign.add(step, place);
  }
  const unclosed = new Occurrences();
  for (const step of steps) if (textsOf(step).some(hasUnclosedBrace)) unclosed.add(step);
  return [
    ...drafts.findings('draftText', (words) => `The lead would read ${words}`),
    ...doubles.findings('mixedStyles', (words) => `The sequence has variables in two styles, {X} and {{x}}: ${words}`),
    ...foreign.findings('foreignVariable', (words) => `HeyReach may send this text as it is, unfilled: ${words}`),
    ...unclosed.findings('unclosedBrace', () => 'A brace has no partner'),
  ];
}

/** Variables without a fallback, and fallbacks with a variable. */
export function fallbackFindings(steps: readonly Step[]): Finding[] {
  const without = new Occurrences();
  const within = new Occurrences();
  for (const step of steps) {
    const isUsed = step.variants.flat().flatMap(readPlaces).some(isVariable);
    // HeyReach rejects such an invitation, which is a finding about the tree.
    if (isUsed && step.fallback === undefined && step.type !== 'CONNECTION_REQUEST') without.add(step);
    for (const place of (step.fallback ?? []).flatMap(readPlaces).filter(isVariable)) within.add(step, place.place);
  }
  return [
    ...without.findings('missingFallback', () => 'No fallbackMessage, although the text has variables'),
    ...within.findings(
      'variableInFallback',
      (words) => `The fallbackMessage has variables too, which may stay unfilled: ${words}`,
    ),
  ];
}

function textsOf({ variants, fallback }: Step): string[] {
  return [...variants.flat(), ...(fallback ?? [])];
}

function isVariable({ name }: TemplatePlace): boolean {
  return name !== '';
}
