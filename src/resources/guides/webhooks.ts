import type { Guide } from '../shared/types.ts';

export const webhooksGuide: Guide = {
  uri: 'heyreach://guide/webhooks',
  name: 'guide-webhooks',
  title: 'Guide: webhook events and deliveries',
  description: 'The events of webhooks, when each is sent, what its body contains, and how deliveries behave.',
  text: `# Webhook events and deliveries

A webhook has one event type and one URL. \`create_webhook\` takes a name of 3 to 25 characters, an http(s) URL, the event, the campaigns
(none means all), and headers for every delivery. Two identical webhooks both fire.

## Events

| \`eventType\` | sent when | added to the body |
|---|---|---|
| \`CONNECTION_REQUEST_SENT\` | an invitation was sent | \`connection_message\`, empty without a note |
| \`CONNECTION_REQUEST_ACCEPTED\` | an invitation was accepted | \`connection_message\` |
| \`MESSAGE_SENT\` | a campaign sent a message | the text, seen as \`message_body\` |
| \`MESSAGE_REPLY_RECEIVED\` | the first reply of a lead | \`recent_messages\`, \`conversation_id\`, \`is_inmail\` |
| \`INMAIL_SENT\` | an InMail was sent | as MESSAGE_SENT |
| \`INMAIL_REPLY_RECEIVED\` | the first reply to an InMail | as MESSAGE_REPLY_RECEIVED |
| \`EVERY_MESSAGE_REPLY_RECEIVED\` | every reply, to messages and InMails | as MESSAGE_REPLY_RECEIVED; \`campaign\` may be null |
| \`FOLLOW_SENT\` | a lead was followed | nothing |
| \`LIKED_POST\` | a post was liked | possibly \`post_url\` |
| \`VIEWED_PROFILE\` | a profile was viewed | nothing |
| \`CAMPAIGN_COMPLETED\` | a campaign has finished | the campaign; probably no lead |
| \`LEAD_TAG_UPDATED\` | the tags of a lead changed | \`tags\`; no campaign |
| \`LEAD_AUTO_TAGGED_INTERESTED\` | a reply was classified as interested | a flat body, see below |
| \`LEAD_AUTO_TAGGED_NOT_INTERESTED\` | a reply was classified as not interested | the same |
| \`LEAD_AUTO_TAGGED_GENERIC\` | a reply was classified as neither | the same |

\`EVERY_MESSAGE_REPLY_RECEIVED\` and \`LEAD_TAG_UPDATED\` apply to the whole workspace: they take no campaigns, and the workspace has to track
all conversations. The bodies of the reply and invitation events were observed, the others are expected. Parse tolerantly: fields may be
missing or null.

## The body

A POST request with JSON. Names are in snake_case, and \`event_type\` is the event name in lower case.

| field | content |
|---|---|
| \`event_type\`, \`timestamp\` | the event and its time (UTC) |
| \`correlation_id\` | the id of the event, if present |
| \`webhook_id\`, \`webhook_name\` | the webhook; not in every delivery |
| \`lead\` | \`id\`, \`profile_url\`, \`first_name\`, \`last_name\`, \`full_name\`, \`location\`, \`company_name\`, \`position\`, \`email_address\`, \`tags\`, and \`lists\` with the custom fields of each |
| \`sender\` | \`id\`, \`first_name\`, \`last_name\`, \`full_name\`, \`email_address\`, \`profile_url\` |
| \`campaign\` | \`id\`, \`name\`, \`status\` |
| \`recent_messages\` | \`creation_time\`, \`message\` and \`is_reply\` of each |

\`lead.id\` is the \`linkedin_id\` of other API responses. \`conversation_id\` and \`sender.id\` identify the conversation:
\`heyreach://conversations/{accountId}/{conversationId}\`.

\`\`\`json
{
  "event_type": "message_reply_received",
  "timestamp": "2026-02-10T19:08:02.5835912Z",
  "correlation_id": "00000000-0000-4000-8000-000000000001",
  "is_inmail": false,
  "conversation_id": "2-ZXhhbXBsZQ==",
  "recent_messages": [
    { "creation_time": "2026-02-10T19:08:01Z", "message": "Tell me more", "is_reply": true }
  ],
  "lead": { "id": "580000001", "profile_url": "https://www.linkedin.com/in/ada-example", "full_name": "Ada Example" },
  "sender": { "id": 170001, "full_name": "Grace Example" },
  "campaign": { "id": 600001, "name": "Founders", "status": "IN_PROGRESS" }
}
\`\`\`

The \`LEAD_AUTO_TAGGED\` events have a flat body, as one receiver observed: \`eventType\`, \`campaignId\`, \`campaignName\`, \`linkedInAccountId\`,
\`leadProfileUrl\`, \`leadEmailAddress\`, \`leadFirstName\`, \`leadLastName\`, \`leadCompanyName\`.

## Deliveries

- Deliveries are not signed. To authenticate HeyReach, give the webhook a secret header, or put a secret into the URL.
- Respond with 200. HeyReach retries after any other response, five times within a day.
- The same event may be delivered twice. Detect duplicates by \`correlation_id\`, or by event, lead and time. A flat body has no time: use its campaign.
- There is no delivery log, and no way to request a delivery again. \`update_webhook\` with \`isActive: false\` stops deliveries.
- The body contains names, messages and e-mail addresses of people. Use only URLs that may receive personal data.
`,
};
