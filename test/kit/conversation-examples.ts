/** A conversation id with everything in it that has to be encoded in a path. */
export const CONVERSATION_ID = '2-YWRh/ZXhhbXBsZQ+MDAwMDAwMDAtMDAwMC00MDAwLTgwMDBfMTAwZQ==';

export const exampleMessage = (body: string, changes: object = {}) => ({
  createdAt: '2026-09-19T09:00:00.000Z',
  body,
  subject: null,
  postLink: null,
  isInMail: false,
  sender: 'ME',
  ...changes,
});

/** A conversation as HeyReach answers it, with nulls and empty texts. */
export const exampleConversation = (changes: object = {}) => ({
  id: CONVERSATION_ID,
  read: false,
  groupChat: false,
  blockedByMe: false,
  blockedByParticipant: false,
  lastMessageAt: '2026-09-20T12:00:19.007Z',
  lastMessageText: 'Sounds good',
  lastMessageType: 'TEXT',
  lastMessageSender: 'CORRESPONDENT',
  totalMessages: 2,
  linkedInAccountId: 170001,
  correspondentProfile: {
    linkedin_id: '580000001',
    profileUrl: 'https://www.linkedin.com/in/ada-example',
    firstName: 'Ada',
    lastName: 'Example',
    headline: '',
    imageUrl: 'https://example.com/ada.png',
    location: 'London',
    companyName: 'Example Ltd',
    companyUrl: null,
    position: 'Analyst',
    about: null,
    connections: 0,
    followers: 0,
    emailAddress: null,
    tags: ['hot'],
    customFields: [{ name: 'favorite_color', value: 'blue' }],
    autoTags: [{ name: 'Interested', campaignId: 600001 }],
  },
  linkedInAccount: {
    id: 170001,
    emailAddress: 'sender@example.com',
    firstName: 'Grace',
    lastName: 'Example',
    authIsValid: true,
    isValidNavigator: false,
    isValidRecruiter: false,
    profileUrl: 'https://www.linkedin.com/in/grace-example',
  },
  messages: [
    exampleMessage('Hi Ada'),
    exampleMessage('Sounds good', { createdAt: '2026-09-20T12:00:19.007Z', sender: 'CORRESPONDENT' }),
  ],
  ...changes,
});

/** The same as a compact row. */
export const exampleConversationRow = (changes: object = {}) => ({
  id: CONVERSATION_ID,
  linkedInAccountId: 170001,
  name: 'Ada Example',
  profileUrl: 'ada-example',
  company: 'Example Ltd',
  lastMessageAt: '2026-09-20T12:00:19.007Z',
  lastMessageSender: 'CORRESPONDENT',
  lastMessageText: 'Sounds good',
  read: false,
  totalMessages: 2,
  ...changes,
});
