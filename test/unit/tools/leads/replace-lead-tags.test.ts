import { describeTagTool } from './tag-tools.ts';

describeTagTool('replace_lead_tags', '/lead/ReplaceTags', [
  [['hot lead', 'tech'], 'success'],
  [['hot lead', 'old', 'tech'], 'an error'],
  [['hot lead'], 'an error'],
]);
