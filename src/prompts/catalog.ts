import { campaignReview } from './campaign-review.ts';
import { launchChecklist } from './launch-checklist.ts';
import type { Prompt } from './prompt.ts';
import { replyToLead } from './reply-to-lead.ts';
import { triageInbox } from './triage-inbox.ts';
import { weeklyReport } from './weekly-report.ts';

/** All prompts, in the order in which hosts show them. */
export const prompts: readonly Prompt[] = [triageInbox, replyToLead, campaignReview, launchChecklist, weeklyReport];
