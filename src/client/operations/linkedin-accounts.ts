import { z } from 'zod';
import { operation } from '../operation.ts';
import { count, flag, id, type PageRequest, pageOf, text } from './fields.ts';

/** Daily allowances and their ceilings, not counters. `connectioRequest…` is the vendor's spelling. */
const accountLimits = z.looseObject({
  connectioRequestLimit: count,
  connectioRequestMax: count,
  messageLimit: count,
  messageLimitMax: count,
  inMailLimit: count,
  inMailLimitMax: count,
  profileViewLimit: count,
  profileViewLimitMax: count,
  followLimit: count,
  followLimitMax: count,
  postLikeLimit: count,
  postLikeLimitMax: count,
});

/** A sender. With `authIsValid` false it accepts assignments and delivers nothing. */
export const linkedInAccount = z.looseObject({
  id,
  firstName: text,
  lastName: text,
  emailAddress: text,
  profileUrl: text,
  isActive: flag,
  authIsValid: flag,
  activeCampaigns: count,
  isValidNavigator: flag,
  isValidRecruiter: flag,
  connectionRequestCooldown: flag,
  connectionNoteCooldown: flag,
  inMailCooldown: flag,
  searchCooldown: flag,
  accountLimits: accountLimits.nullish(),
});
export type LinkedInAccount = z.infer<typeof linkedInAccount>;

export const accountStatus = z.looseObject({
  accountId: id,
  status: text,
  failureReason: text,
  profile: z.looseObject({}).nullish(),
  salesNavigator: z.looseObject({}).nullish(),
  recruiter: z.looseObject({}).nullish(),
});

export const linkedInAccounts = {
  getAll: operation<PageRequest & { keyword?: string | undefined }>().answering(
    'POST /li_account/GetAll',
    pageOf(linkedInAccount),
    { repeat: 'safe' },
  ),
  getById: operation<{ accountId: number }>().answering('GET /li_account/GetById', linkedInAccount, {
    repeat: 'safe',
    query: ['accountId'],
  }),
  getStatus: operation<{ accountId: number }>().answering(
    'GET /li_account/GetAccountStatus/{accountId}',
    accountStatus,
    { repeat: 'safe' },
  ),
};
