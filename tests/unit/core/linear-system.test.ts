import fc from 'fast-check';
import { expect, it } from 'vitest';
import { solvePositiveDefinite } from '../../../core/linear-system.ts';

const number = fc.double({ min: -3, max: 3, noNaN: true });

it('solves every system with a positive definite matrix', () => {
  const systems = fc.integer({ min: 1, max: 6 }).chain((size) =>
    fc.record({
      root: fc.array(fc.array(number, { minLength: size, maxLength: size }), {
        minLength: size,
        maxLength: size,
      }),
      solution: fc.array(number, { minLength: size, maxLength: size }),
    }),
  );
  fc.assert(
    fc.property(systems, ({ root, solution }) => {
      const product = (a: readonly number[], b: readonly number[]) =>
        a.reduce((sum, value, index) => sum + value * b[index]!, 0);
      const matrix = root.map((row, i) => root.map((other, j) => product(row, other) + +(i === j)));
      const right = matrix.map((row) => product(row, solution));
      solvePositiveDefinite(matrix, right).forEach((value, index) => {
        expect(value).toBeCloseTo(solution[index]!, 6);
      });
    }),
  );
});
