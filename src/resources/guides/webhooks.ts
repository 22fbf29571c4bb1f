import type { Guide } from '../resource.ts';

export const webhooksGuide: Guide = {
  uri: 'heyreach://guide/webhooks',
  name: 'guide-webhooks',
  title: 'Guide: what webhooks carry',
  description: 'The events a webhook can be made for, when each comes, what it carries, and how deliveries behave.',
  text: `# What webhooks carry

A webhook is one event type and one address. \`create_webhook\` makes it: a name of 3 to 25 characters, an http(s) address, the event, the
campaigns (none: all of them), and headers that go along with every delivery. Two equal webhooks both fire.

## Events

| \`eventType\` | when | what it adds to the body |
|---|---|---|
| \`CONNECTION_REQUEST_SENT\` | an invitation went out | \`connection_message\`, empty without a note |
| \`CONNECTION_REQUEST_ACCEPTED\` | it was accepted | \`connection_message\` |
| \`MESSAGE_SENT\` | a message of a campaign went out | the text; as \`message_body\` where it was seen |
| \`MESSAGE_REPLY_RECEIVED\` | the first reply of a lead | \`recent_messages\`, \`conversation_id\`, \`is_inmail\` |
| \`INMAIL_SENT\` | an InMail went out | as MESSAGE_SENT |
| \`INMAIL_REPLY_RECEIVED\` | the first reply to an InMail | as MESSAGE_REPLY_RECEIVED |
| \`EVERY_MESSAGE_REPLY_RECEIVED\` | every reply, to messages and InMails | as MESSAGE_REPLY_RECEIVED; \`campaign\` may be null |
| \`FOLLOW_SENT\` | a lead was followed | nothing |
| \`LIKED_POST\` | a post was liked | perhaps \`post_url\` |
| \`VIEWED_PROFILE\` | a profile was viewed | nothing |
| \`CAMPAIGN_COMPLETED\` | a campaign is through | the campaign; no lead is to be expected |
| \`LEAD_TAG_UPDATED\` | the tags of a person changed | \`tags\`; no campaign |
| \`LEAD_AUTO_TAGGED_INTERESTED\` | a reply was taken for interest | not documented; one report has flat keys that begin with lead |
| \`LEAD_AUTO_TAGGED_NOT_INTERESTED\` | a reply was taken for a no | the same |
| \`LEAD_AUTO_TAGGED_GENERIC\` | a reply was taken for neither | the same |

\`EVERY_MESSAGE_REPLY_RECEIVED\` and \`LEAD_TAG_UPDATED\` belong to the whole workspace: they take no campaigns, and need the tracking of all
conversations to be on. What the reply events and the invitation events carry has been seen; of the others it is expected. Read what comes
tolerantly: fields may be missing or null.

## The body

A POST with JSON. Names are in snake_case, and \`event_type\` is the event's name in lower case.

| field | what it holds |
|---|---|
| \`event_type\`, \`timestamp\` | what happened, and when (UTC) |
| \`correlation_id\` | the event's own id, where there is one |
| \`webhook_id\`, \`webhook_name\` | which webhook fired; not in every delivery |
| \`lead\` | \`id\`, \`profile_url\`, \`first_name\`, \`last_name\`, \`full_name\`, \`location\`, \`company_name\`, \`position\`, \`email_address\`, \`tags\`, and \`lists\` with the custom fields of each |
| \`sender\` | \`id\`, \`first_name\`, \`last_name\`, \`full_name\`, \`email_address\`, \`profile_url\` |
| \`campaign\` | \`id\`, \`name\`, \`status\` |
| \`recent_messages\` | \`creation_time\`, \`message\` and \`is_reply\` of each |

\`lead.id\` is the \`linkedin_id\` that the API has elsewhere; \`conversation_id\` with \`sender.id\` names the thread:
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

## Deliveries

- Nothing is signed. To know that HeyReach is calling, give the webhook a secret header, or put a secret into the address.
- Answer 200. Anything else is tried again, five times within a day.
- The same event may come twice: know it by \`correlation_id\`, or else by event, lead and time.
- There is no log of deliveries and no way to have one again. \`update_webhook\` with \`isActive: false\` stops them.
- The body holds names, messages and addresses of people: have it sent only where they may be.
`,
};
