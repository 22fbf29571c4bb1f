import type { Guide } from '../resource.ts';

export const sequencesGuide: Guide = {
  uri: 'heyreach://guide/sequences',
  name: 'guide-sequences',
  title: 'Guide: building a sequence',
  description: 'The steps, delays and rules of a campaign sequence, with a minimal one that is accepted.',
  text: `# Building a sequence

A sequence is a tree. Its root is the first step a lead gets; there is no start node. \`create_campaign\` takes one as \`sequence\`,
\`update_campaign_sequence\` replaces the whole of it, and \`heyreach://campaigns/{campaignId}/sequence\` shows the present one: read it,
change it, write all of it back. It can be replaced while the campaign is DRAFT, SCHEDULED (which makes it a DRAFT again) or PAUSED (leads
are moved to matching steps, so keep the shape where leads stand).

## A node

| field | what it is |
|---|---|
| \`nodeType\` | the step, from the table below |
| \`actionDelay\`, \`actionDelayUnit\` | the wait before this step: a whole number from 0 to 100, and \`HOUR\` or \`DAY\` |
| \`payload\` | what the step needs; to be left out where the table below says none |
| \`unconditionalNode\` | the next step, or the "no" side of a branching one; on every node but END |
| \`conditionalNode\` | the "yes" side of a branching node |
| \`externalReference\` | a tracking id of your own, up to 100 characters |

## Steps

| \`nodeType\` | payload | yes side (\`conditionalNode\`) |
|---|---|---|
| \`CONNECTION_REQUEST\` | \`messages\` (texts up to 300 characters; \`[]\` for no note); optional: \`fallbackMessage\`, \`toBeWithdrawnAfterDays\` (14 or more, null for never) | accepted |
| \`CHECK_IS_CONNECTION\` | none | connected already |
| \`CHECK_IS_OPEN_PROFILE\` | none | has an open profile |
| \`FIND_EMAIL\` | none | an address was found |
| \`MESSAGE\` | \`messages\` (at least one text, up to 8,000 characters); optional: \`fallbackMessage\` | none; HeyReach puts an END there itself, for "replied" |
| \`INMAIL\` | \`messages\`: \`{subject, message}\` up to 200 and 1,900 characters, at least one; optional: \`fallbackMessage\` of the same shape | as MESSAGE |
| \`LIKE_POST\` | required, and \`{}\` will do; optional: \`reactionType\`, \`randomReaction\`, \`reactBefore\` (age of the post), \`skipDelayIfCannotLike\` | none |
| \`VIEW_PROFILE\`, \`FOLLOW\` | none | none |
| \`SEND_LEAD_TO_INSTANTLY\` | \`instantlyResourceId\` (UUID), \`resourceType\` (\`LIST\` or \`CAMPAIGN\`), both required | none |
| \`SEND_LEAD_TO_SMARTLEAD\` | \`smartLeadCampaignId\` | none |
| \`SEND_LEAD_TO_BISON\` | \`bisonCampaignId\` | none |
| \`END\` | none, and no children | none |

Branching steps need both sides. \`reactionType\` is LIKE, CELEBRATE, SUPPORT, FUNNY, LOVE, INSIGHTFUL or CURIOUS; \`reactBefore\` is DAY1, DAY3,
WEEK1, WEEK2, MONTH1 or MONTH3.

## Rules

- Every path ends in \`END\`, and the root is not \`END\`.
- Whatever follows a CONNECTION_REQUEST, MESSAGE, INMAIL, VIEW_PROFILE, FOLLOW or LIKE_POST waits at least 3 HOUR, an END too. The END that
  HeyReach puts under a MESSAGE or INMAIL is the exception.
- One CONNECTION_REQUEST on a path, and no FOLLOW after it: the invitation follows the lead already.
- No MESSAGE on the not connected side of a CHECK_IS_CONNECTION, unless an accepted invitation comes first.
- The delays of a path add up to 500 days at most.
- A CONNECTION_REQUEST whose text has a variable needs a \`fallbackMessage\`.

## Texts

With several \`messages\` each lead gets one of them, picked by chance. Variables look like \`{FIRST_NAME}\`, \`{LAST_NAME}\`, \`{COMPANY}\`, \`{POSITION}\`,
\`{INDUSTRY}\`, \`{LOCATION}\`, \`{MY_FIRST_NAME}\`, or a custom field of the lead by its name: \`{opener}\`. Where one has no value for a lead, the fallback goes
out instead, so write it without variables. Whoever replies gets nothing more of the sequence.

## A minimal sequence

An invitation; a day after it is accepted, one message; it is withdrawn after three weeks.

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
