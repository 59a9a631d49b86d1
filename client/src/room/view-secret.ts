/**
 * The link for looking follows from the link for writing (PROTOCOL-50), so everybody who may write can hand on both: nobody
 * is more than the others for having begun a table.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { base64url } from '../sync/identity';

/** The secret of the view link of the same space. */
export function viewSecretOf(editSecret: string): string {
  return base64url(sha256(new TextEncoder().encode(`tablecloth-view${editSecret}`)));
}
