import { randomBytes, timingSafeEqual } from 'node:crypto';

/** A random secret of characters that an address may hold. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether two texts are equal, without a hint in its duration of where they differ. */
export function isSameSecret(left: string, right: string): boolean {
  const [leftBytes, rightBytes] = [Buffer.from(left), Buffer.from(right)];
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}
