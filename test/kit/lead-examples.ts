/** A person as HeyReach answers them from a list: nulls and empty texts among the fields. */
export const exampleLead = (changes: object = {}) => ({
  linkedin_id: '580000001',
  imageUrl: 'https://media.example.com/ada.jpg',
  firstName: 'Ada',
  lastName: 'Example',
  headline: 'Analyst at Example Ltd',
  location: 'London',
  companyName: 'Example Ltd',
  companyUrl: null,
  position: 'Analyst',
  about: '',
  connections: 0,
  followers: 0,
  emailAddress: null,
  enrichedEmailAddress: null,
  customEmailAddress: 'ada@example.com',
  profileUrl: 'https://www.linkedin.com/in/ada-example',
  linkedInUserProfileId: 'ACoAAexample1',
  customFields: [{ name: 'team', value: 'Data' }],
  ...changes,
});

/** Ada as a compact row. */
export const compactLead = {
  linkedin_id: '580000001',
  profileUrl: 'https://www.linkedin.com/in/ada-example',
  name: 'Ada Example',
  headline: 'Analyst at Example Ltd',
  companyName: 'Example Ltd',
  position: 'Analyst',
  location: 'London',
  emailAddress: 'ada@example.com',
  customFields: [{ name: 'team', value: 'Data' }],
};
