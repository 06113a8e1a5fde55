/**
 * The id of a package with this name: lower-case letters, digits, dots and hyphens; empty when
 * none is left.
 */
export function modelIdOf(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .replaceAll(/^[.-]+|[.-]+$/g, '');
}
