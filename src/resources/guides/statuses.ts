import type { Guide } from '../resource.ts';

export const statusesGuide: Guide = {
  uri: 'heyreach://guide/statuses',
  name: 'guide-statuses',
  title: 'Guide: what a status allows',
  description: 'Which calls each campaign status allows and what they lead to, and what the statuses of a lead mean.',
  text: `# What a status allows

## Campaigns

| status | what it is |
|---|---|
| \`DRAFT\` | never started; everything about it can be changed |
| \`SCHEDULED\` | started, and waiting for the first day of its schedule |
| \`STARTING\` | on its way to IN_PROGRESS, usually for moments |
| \`IN_PROGRESS\` | contacts its leads, within its schedule and the daily allowance of its senders |
| \`PAUSED\` | held, by somebody or for want of leads; nothing goes out |
| \`FINISHED\` | all leads are through, or the last day is over |
| \`FAILED\` | HeyReach has given it up |
| \`CANCELED\` | ended in the app, for good |

Which tool is taken in which status:

| tool | DRAFT | SCHEDULED | STARTING | IN_PROGRESS | PAUSED | FINISHED | FAILED | CANCELED |
|---|---|---|---|---|---|---|---|---|
| \`start_campaign\` | yes | no | no | no | no | no | no | no |
| \`pause_campaign\` | no | no | yes | yes | it is | no | no | no |
| \`resume_campaign\` | no | no | no | no | yes | yes | yes | no |
| \`update_campaign_settings\`, \`update_campaign_sequence\`, \`update_campaign_schedule\`, \`set_campaign_accounts\` | yes | yes | no | no | yes | no | no | no |
| \`add_campaign_accounts\`, \`remove_campaign_accounts\` | yes | yes | no | no | yes | no | no | no |
| \`add_leads_to_campaign\` | no | no | yes | yes | yes | yes | no | no |
| \`stop_lead_in_campaign\` | yes | yes | yes | yes | yes | yes | yes | yes |

What is not taken is answered 400 with a sentence, and nothing has changed. HeyReach does not document all of it: some "no" are what is
to be expected, and its answer decides. A server may show fewer tools than stand here.

What follows from a call:

- **Starting** needs a valid sequence, a sender whose login is valid, and a list. With a first day in the future the campaign becomes SCHEDULED.
- **Starting or resuming without leads to contact** works for about a second; then the campaign is PAUSED again. Read the status back.
- **Changing a SCHEDULED campaign** makes it a DRAFT: start it again afterwards.
- **To change a running campaign**, pause it, change it, resume it. Resuming contacts people again.
- **After the first start** the list and the first day are fixed.
- **Removing a sender** from a PAUSED campaign stops the leads that it works on, for good.
- **Leads added to a PAUSED or FINISHED campaign** wait there. \`resumePausedCampaign\` and \`resumeFinishedCampaign\` set it going along with the add.
- **Leads added to the list** of a running campaign are taken up by it; a FINISHED one stays as it is.
- **Stopping a lead** does nothing in a DRAFT, which has no leads of its own yet; elsewhere one who is not in the campaign is answered 404.
- **Pausing** may be refused although it took effect: read the status before concluding anything.
- Campaigns and lists cannot be deleted, and a campaign's schedule cannot be read.

## Leads in a campaign

Three statuses, which move apart from each other. \`leadCampaignStatus\` says where the lead is:

| status | what it is |
|---|---|
| \`Pending\` | about to begin |
| \`InSequence\` | has begun |
| \`Paused\` | held, as a rule along with the campaign |
| \`Finished\` | through: all steps done, replied, stopped, or nothing to do |
| \`Failed\` | a step failed; \`errorCode\` and \`leadCampaignStatusMessage\` say why |

The campaigns of a person (\`leadStatus\`) know two more: \`Excluded\`, and \`PendingOrExcludedToBeCalculated\` for one who has not been put in yet. Leads
are put in little by little, so a campaign lists fewer leads than its totals count.

- \`leadConnectionStatus\`: \`None\`, \`ConnectionSent\`, \`ConnectionAccepted\`. A withdrawn invitation has no status of its own, and whoever was connected
  before may stay at \`None\`.
- \`leadMessageStatus\`: \`None\`, \`MessageSent\`, \`MessageReply\`.

A \`Finished\` lead at \`None\` and \`None\` is common: there was nothing to do. A \`Failed\` one may have accepted and been written to before.
\`totalUsersInProgress\` of a campaign is what is left after all other counts, and can be negative.
`,
};
