/** A sender's daily allowances; the two misspelt names are the API's own. */
const exampleLimits = {
  connectioRequestLimit: 25,
  connectioRequestMax: 40,
  messageLimit: 40,
  messageLimitMax: 40,
  inMailLimit: 15,
  inMailLimitMax: 40,
  profileViewLimit: 40,
  profileViewLimitMax: 40,
  followLimit: 20,
  followLimitMax: 40,
  postLikeLimit: 0,
  postLikeLimitMax: 40,
};

/** A sender as HeyReach answers it. */
export const exampleSender = (changes: object = {}) => ({
  id: 170001,
  emailAddress: 'sender@example.com',
  firstName: 'Grace',
  lastName: 'Example',
  profileUrl: 'https://www.linkedin.com/in/grace-example',
  isActive: true,
  activeCampaigns: 2,
  authIsValid: false,
  isValidNavigator: false,
  isValidRecruiter: false,
  connectionRequestCooldown: true,
  connectionNoteCooldown: false,
  inMailCooldown: false,
  searchCooldown: false,
  accountLimits: exampleLimits,
  ...changes,
});
