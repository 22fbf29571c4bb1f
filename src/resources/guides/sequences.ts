import type { Guide } from '../shared/types.ts';

export const sequencesGuide: Guide = {
  uri: 'heyreach://guide/sequences',
  name: 'guide-sequences',
  title: 'Guide: building a sequence',
  description: 'The steps, delays and rules of a campaign sequence, with a minimal valid example.',
  text: `# Building a sequence

A sequence is a tree. Its root is the first step of a lead. There is no start node.

- \`create_campaign\` takes a sequence as \`sequence\`.
- \`update_campaign_sequence\` replaces the whole sequence. To change one, read \`heyreach://campaigns/{campaignId}/sequence\`, edit the tree
  and write all of it back.
- A sequence can be replaced while the campaign is DRAFT, SCHEDULED (which turns it into a DRAFT) or PAUSED. In a PAUSED campaign HeyReach
  moves leads to matching steps, so keep the shape of the tree where leads are.

## A node

| field | meaning |
|---|---|
| \`nodeType\` | the step, from the table below |
| \`actionDelay\`, \`actionDelayUnit\` | the wait before this step: a whole number from 0 to 100, and \`HOUR\` or \`DAY\` |
| \`payload\` | the settings of the step; omit it where the table below says none |
| \`unconditionalNode\` | the next step, or the "no" side of a branching node; required on every node except END |
| \`conditionalNode\` | the "yes" side of a branching node |
| \`externalReference\` | your own tracking id, up to 100 characters |

## Steps

| \`nodeType\` | payload | yes side (\`conditionalNode\`) |
|---|---|---|
| \`CONNECTION_REQUEST\` | \`messages\` (texts up to 300 characters; \`[]\` for no note); optional: \`fallbackMessage\`, \`toBeWithdrawnAfterDays\` (14 or more, null for never) | accepted |
| \`CHECK_IS_CONNECTION\` | none | already connected |
| \`CHECK_IS_OPEN_PROFILE\` | none | has an open profile |
| \`FIND_EMAIL\` | none | address found |
| \`MESSAGE\` | \`messages\` (at least one text, up to 8,000 characters); optional: \`fallbackMessage\` | none; HeyReach adds an END there itself, for "replied" |
| \`INMAIL\` | \`messages\`: \`{subject, message}\` up to 200 and 1,900 characters, at least one; optional: \`fallbackMessage\` of the same shape | as MESSAGE |
| \`LIKE_POST\` | required, may be \`{}\`; optional: \`reactionType\`, \`randomReaction\`, \`reactBefore\` (age of the post), \`skipDelayIfCannotLike\` | none |
| \`VIEW_PROFILE\`, \`FOLLOW\` | none | none |
| \`SEND_LEAD_TO_INSTANTLY\` | \`instantlyResourceId\` (UUID), \`resourceType\` (\`LIST\` or \`CAMPAIGN\`), both required | none |
| \`SEND_LEAD_TO_SMARTLEAD\` | \`smartLeadCampaignId\` | none |
| \`SEND_LEAD_TO_BISON\` | \`bisonCampaignId\` | none |
| \`END\` | none, and no children | none |

Branching steps need both sides. \`reactionType\` is LIKE, CELEBRATE, SUPPORT, FUNNY, LOVE, INSIGHTFUL or CURIOUS; \`reactBefore\` is DAY1, DAY3,
WEEK1, WEEK2, MONTH1 or MONTH3.

## Rules

- Every path ends in \`END\`, and the root is not \`END\`.
- The node after a CONNECTION_REQUEST, MESSAGE, INMAIL, VIEW_PROFILE, FOLLOW or LIKE_POST waits at least 3 HOUR, also if it is an END. The
  only exception is the END that HeyReach adds under a MESSAGE or INMAIL.
- A path has at most one CONNECTION_REQUEST, and no FOLLOW after it: the invitation already follows the lead.
- The not connected side of a CHECK_IS_CONNECTION has no MESSAGE, unless an accepted invitation comes before it.
- The delays of a path add up to at most 500 days.
- A CONNECTION_REQUEST with a variable in its text needs a \`fallbackMessage\`.

## Texts

If there are several \`messages\`, each lead gets one of them, chosen at random. Variables look like \`{FIRST_NAME}\`, \`{LAST_NAME}\`, \`{COMPANY}\`, \`{POSITION}\`,
\`{INDUSTRY}\`, \`{LOCATION}\`, \`{MY_FIRST_NAME}\`, or the name of a custom field of the lead: \`{opener}\`. If a variable has no value for a lead, HeyReach sends
the fallback instead, so write the fallback without variables. A lead who replies gets no further steps.

## A minimal sequence

An invitation. One day after it is accepted, one message. If it is not accepted, it is withdrawn after three weeks.

\`\`\`json
{
  "nodeType": "CONNECTION_REQUEST",
  "actionDelay": 0,
  "actionDelayUnit": "HOUR",
  "payload": {
    "messages": ["Hi {FIRST_NAME}, we work in the same field. Shall we connect?"],
    "fallbackMessage": "Hi, we work in the same field. Shall we connect?",
    "toBeWithdrawnAfterDays": 21
  },
  "conditionalNode": {
    "nodeType": "MESSAGE",
    "actionDelay": 1,
    "actionDelayUnit": "DAY",
    "payload": {
      "messages": ["Thanks for connecting, {FIRST_NAME}! What keeps you busy at {COMPANY}?"],
      "fallbackMessage": "Thanks for connecting! What keeps you busy these days?"
    },
    "unconditionalNode": { "nodeType": "END", "actionDelay": 3, "actionDelayUnit": "HOUR" }
  },
  "unconditionalNode": { "nodeType": "END", "actionDelay": 21, "actionDelayUnit": "DAY" }
}
\`\`\`
`,
};
