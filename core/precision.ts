/** How a package stores its weights, from exact and large to small. */
export const precisions = ['fp32', 'fp16', 'int8', 'int4'] as const;
export type Precision = (typeof precisions)[number];
