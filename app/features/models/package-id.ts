/** A package id made of any name: lower-case letters, digits, dots and hyphens. */
export function toPackageId(name: string): string {
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9.-]+/g, '-')
      .replaceAll(/^[.-]+|[.-]+$/g, '') || 'model'
  );
}
