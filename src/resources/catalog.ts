import { campaignIndex, oneCampaign } from './campaigns.ts';
import type { Guide, Resource } from './resource.ts';

/** All resources of a workspace, in the order of their listing; those with variables in their URI are templates. */
export const resources: readonly Resource[] = [campaignIndex, oneCampaign];

/** The texts that come with this program. */
export const guides: readonly Guide[] = [];
