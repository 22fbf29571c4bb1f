export interface NamedValue {
  name: string;
  value: string;
}

/** A person in the workspace: a lead, a connection or both. */
export interface Person {
  /** The member id, a numeric string: `linkedin_id` on the wire. */
  linkedinId: string;
  /** The opaque profile id, `ACoAA…`. */
  profileId: string;
  slug: string;
  profileUrl: string;
  firstName: string;
  lastName: string;
  headline: string | null;
  imageUrl: string | null;
  location: string | null;
  companyName: string | null;
  companyUrl: string | null;
  position: string | null;
  about: string | null;
  summary: string | null;
  industry: string | null;
  connections: number;
  followers: number;
  emailAddress: string | null;
  enrichedEmailAddress: string | null;
  customEmailAddress: string | null;
  emailEnrichments: string[];
  /** JSON in a string, as the API gives it. */
  experiences: string;
  education: string;
  openProfile: boolean;
  tags: string[];
  autoTags: { name: string; campaignId: number }[];
  customFields: NamedValue[];
}

export interface AccountLimits {
  connectioRequestLimit: number;
  connectioRequestMax: number;
  messageLimit: number;
  messageLimitMax: number;
  inMailLimit: number;
  inMailLimitMax: number;
  profileViewLimit: number;
  profileViewLimitMax: number;
  followLimit: number;
  followLimitMax: number;
  postLikeLimit: number;
  postLikeLimitMax: number;
}

/** A LinkedIn account (sender, seat). */
export interface Account {
  id: number;
  emailAddress: string;
  firstName: string;
  lastName: string;
  profileUrl: string;
  isActive: boolean;
  authIsValid: boolean;
  isValidNavigator: boolean;
  isValidRecruiter: boolean;
  connectionRequestCooldown: boolean;
  connectionNoteCooldown: boolean;
  inMailCooldown: boolean;
  searchCooldown: boolean;
  accountLimits: AccountLimits;
}

export interface Company {
  name: string;
  description: string | null;
  industry: string | null;
  imageUrl: string | null;
  companySize: string | null;
  employeesOnLinkedIn: number;
  location: string | null;
  specialities: string | null;
  website: string | null;
}

export interface LeadList {
  id: number;
  name: string;
  listType: 'USER_LIST' | 'COMPANY_LIST';
  creationTime: number;
  /** Member id to the time of adding. */
  members: Map<string, number>;
  companies: Company[];
}

export interface Tag {
  displayName: string;
  color: string;
}

export interface BlacklistEntry {
  id: number;
  creationTime: number;
  linkedInProfileId: string | null;
  profileUrl: string | null;
  email: string | null;
  fullName: string | null;
  matchingStatus: 'Matching' | 'Matched' | 'NotFound' | 'BroadMatch';
  resolutionStage: string;
  /** The person it was matched to. */
  personId: string | null;
}
