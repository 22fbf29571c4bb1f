import { useFastTime } from '../../../support/runs/fast-time.ts';
import { describeTagTool } from './tag-tools.ts';

// Speeds up the clock, which shortens pauses and retries of the program.
useFastTime();

describeTagTool('replace_lead_tags', '/lead/ReplaceTags', [
  [['hot lead', 'tech'], 'success'],
  [['hot lead', 'old', 'tech'], 'an error'],
  [['hot lead'], 'an error'],
]);
