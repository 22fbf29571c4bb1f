import { countNoun } from '../../lib/text-format.ts';

/** One thing that a check found, in a sequence, its list or its campaign. */
export interface Finding {
  /** `stop`: HeyReach rejects it, or a lead would notice it. `warn`: a person should check it. */
  severity: 'stop' | 'warn';
  /** Where it is: `step 2 MESSAGE at sequence.conditionalNode`, `sequence`, `list`. */
  path: string;
  /** What is wrong, without a period. Texts from outside and from the sequence are quoted or in backticks. */
  problem: string;
  /** The leads it concerns. `unknown` where HeyReach does not return what would be counted. Absent where it concerns no single leads. */
  leads?: { count: number; of: number } | 'unknown';
  /** What to do next, as sentences. */
  fix: string;
}

/** A finding as one line, for previews and results: `COMPANY has no value (step 2 MESSAGE at sequence; 6 of 100 leads). Fix.` */
export function findingLine({ severity, path, problem, leads, fix }: Finding): string {
  const where = [path, ...(leads === undefined ? [] : [showLeads(leads)])].join('; ');
  return `${severity === 'stop' ? 'Stop: ' : ''}${problem} (${where}). ${fix}`;
}

function showLeads(leads: NonNullable<Finding['leads']>): string {
  return leads === 'unknown' ? 'leads unknown' : `${leads.count} of ${countNoun(leads.of, 'lead')}`;
}
