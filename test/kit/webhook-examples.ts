/** A webhook as HeyReach answers it; header values are made up. */
export const exampleWebhook = (changes: object = {}) => ({
  id: 29001,
  webhookName: 'Replies',
  webhookUrl: 'https://example.com/hook?team=a&b=',
  eventType: 'MESSAGE_REPLY_RECEIVED',
  campaignIds: [600001],
  isActive: true,
  ...changes,
});

export const exampleHeaders = { Authorization: 'Bearer made-up-secret-1', 'X-Team': 'made-up-secret-2' };
export const maskedHeaders = { Authorization: '********', 'X-Team': '********' };

/** The refusal of a webhook that is not there. */
export const webhookNotFound = {
  kind: 'not_found',
  status: 404,
  message: 'Webhook with id 29009 was not found.',
  nextStep: 'List the webhooks with list_webhooks.',
  outcome: 'refused',
} as const;
