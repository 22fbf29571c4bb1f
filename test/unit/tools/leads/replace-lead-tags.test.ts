import { useFastTime } from '../../../support/fast-time.ts';
import { describeTagTool } from './tag-tools.ts';

// Pauses and retries of the program pass faster.
useFastTime();

describeTagTool('replace_lead_tags', '/lead/ReplaceTags', [
  [['hot lead', 'tech'], 'success'],
  [['hot lead', 'old', 'tech'], 'an error'],
  [['hot lead'], 'an error'],
]);
