import type { Guide } from '../shared/types.ts';

export const statusesGuide: Guide = {
  uri: 'heyreach://guide/statuses',
  name: 'guide-statuses',
  title: 'Guide: what a status allows',
  description: 'Which calls each campaign status allows, their effects, and the meaning of lead statuses.',
  text: `# What a status allows

## Campaigns

| status | meaning |
|---|---|
| \`DRAFT\` | never started; everything can be changed |
| \`SCHEDULED\` | started, waiting for the first day of its schedule |
| \`STARTING\` | about to be IN_PROGRESS, usually for a moment |
| \`IN_PROGRESS\` | contacts its leads, within its schedule and the daily limits of its senders |
| \`PAUSED\` | paused by a user or because it has no leads; sends nothing |
| \`FINISHED\` | all leads are finished, or the last day has passed |
| \`FAILED\` | HeyReach has given up on it |
| \`CANCELED\` | ended in the app, permanently |

Which status allows which tool ("it is": already in that state):

| tool | DRAFT | SCHEDULED | STARTING | IN_PROGRESS | PAUSED | FINISHED | FAILED | CANCELED |
|---|---|---|---|---|---|---|---|---|
| \`start_campaign\` | yes | no | no | no | no | no | no | no |
| \`pause_campaign\` | no | no | yes | yes | it is | no | no | no |
| \`resume_campaign\` | no | no | no | no | yes | yes | yes | no |
| \`update_campaign_settings\`, \`update_campaign_sequence\`, \`update_campaign_schedule\`, \`set_campaign_accounts\` | yes | yes | no | no | yes | no | no | no |
| \`add_campaign_accounts\`, \`remove_campaign_accounts\` | yes | yes | no | no | yes | no | no | no |
| \`add_leads_to_campaign\` | no | no | yes | yes | yes | yes | no | no |
| \`stop_lead_in_campaign\` | yes | yes | yes | yes | yes | yes | yes | yes |

HeyReach answers a call that is not allowed with 400 and a message, and nothing changes. HeyReach does not document every case: some "no"
are expectations, and its answer decides. A server may offer fewer tools than this table has.

Effects:

- **Starting** needs a valid sequence, a sender with a valid login, and a list. If the first day is in the future, the campaign becomes SCHEDULED.
- **Starting or resuming without leads to contact** succeeds, and about a second later the campaign is PAUSED again. Read the status back.
- **Changing a SCHEDULED campaign** turns it into a DRAFT. Start it again afterwards.
- **To change a running campaign**, pause it, change it and resume it. Resuming contacts people again.
- **After the first start** the list and the first day cannot be changed.
- **Removing a sender** from a PAUSED campaign permanently stops the leads that it is contacting.
- **Leads added to a PAUSED or FINISHED campaign** wait there. \`resumePausedCampaign\` and \`resumeFinishedCampaign\` resume the campaign with the same call.
- **Leads added to the list** of a running campaign join the campaign. A FINISHED campaign does not resume.
- **Stopping a lead** has no effect in a DRAFT, which has no leads yet. Otherwise HeyReach answers 404 for a lead that is not in the campaign.
- **Pausing** may return an error although it took effect. Read the status before you conclude anything.
- Campaigns and lists cannot be deleted, and a campaign's schedule cannot be read.

## Leads in a campaign

A lead has three independent statuses. \`leadCampaignStatus\` is its position in the campaign:

| status | meaning |
|---|---|
| \`Pending\` | about to start |
| \`InSequence\` | has started |
| \`Paused\` | paused, usually with the campaign |
| \`Finished\` | all steps done, replied, stopped, or nothing to do |
| \`Failed\` | a step failed; \`errorCode\` and \`leadCampaignStatusMessage\` say why |

The campaigns of a lead (\`leadStatus\`) have two more: \`Excluded\`, and \`PendingOrExcludedToBeCalculated\` for a lead that has not been added yet.
HeyReach adds leads gradually, so a campaign lists fewer leads than its totals count.

- \`leadConnectionStatus\`: \`None\`, \`ConnectionSent\`, \`ConnectionAccepted\`. A withdrawn invitation has no status of its own. A lead that was
  already connected may stay at \`None\`.
- \`leadMessageStatus\`: \`None\`, \`MessageSent\`, \`MessageReply\`.

A \`Finished\` lead with \`None\` and \`None\` is common: there was nothing to do. A \`Failed\` lead may have accepted and received messages before.
\`totalUsersInProgress\` of a campaign is the total minus all other counts, and can be negative.
`,
};
