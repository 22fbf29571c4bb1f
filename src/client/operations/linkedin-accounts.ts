import * as z from 'zod';
import { lazy } from '../../lib/lazy.ts';
import { operation } from '../operation.ts';
import { count, flag, id, leadProfile, type PageRequest, pageOf, text } from './fields.ts';

/** Daily allowances and their ceilings, not counters. `connectioRequest…` is the vendor's spelling. */
const accountLimits = lazy(() =>
  z.looseObject({
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
  }),
);

/** A LinkedIn account (sender). With `authIsValid` false it accepts assignments and delivers nothing. */
export const linkedInAccount = lazy(() =>
  z.looseObject({
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
    accountLimits: accountLimits().nullish(),
  }),
);
export type LinkedInAccount = z.infer<ReturnType<typeof linkedInAccount>>;

const login = lazy(() => z.looseObject({ authenticated: flag }).nullish());

/** Only a `Connected` account sends, whatever `isActive` and `authIsValid` say. `failureReason` is empty for it. */
export const accountStatus = lazy(() =>
  z.looseObject({
    accountId: id,
    status: text.describe('Connected, Disconnected, Connecting, AwaitingPin or Unknown'),
    failureReason: text,
    profile: z.looseObject({ name: text, email: text, url: text }).nullish(),
    salesNavigator: login(),
    recruiter: login(),
  }),
);

export const linkedInAccounts = {
  getAll: operation<PageRequest & { keyword?: string | undefined }>().answering(
    'POST /li_account/GetAll',
    () => pageOf(linkedInAccount()),
    { retry: 'safe' },
  ),
  getById: operation<{ accountId: number }>().answering('GET /li_account/GetById', linkedInAccount, {
    retry: 'safe',
    query: ['accountId'],
  }),
  getStatus: operation<{ accountId: number }>().answering(
    'GET /li_account/GetAccountStatus/{accountId}',
    accountStatus,
    { retry: 'safe' },
  ),
};

/** The LinkedIn connections of a sender. */
export const network = {
  /** Pages count from 0. Up to 100 rows each. */
  getForSender: operation<{ senderId: number; pageNumber: number; pageSize: number }>().answering(
    'POST /MyNetwork/GetMyNetworkForSender',
    () => pageOf(leadProfile()),
    { retry: 'safe' },
  ),
  /** Takes exactly one of the two lead identifiers. */
  isConnection: operation<{
    senderAccountId: number;
    leadProfileUrl?: string | undefined;
    leadLinkedInId?: string | undefined;
  }>().answering('POST /MyNetwork/IsConnection', () => z.looseObject({ isConnection: flag }), { retry: 'safe' }),
};
