/**
 * Solves A x = b for a symmetric positive semi-definite A by Cholesky's decomposition; a direction in which A is singular gets no share of x.
 *
 * @param matrix IN: the upper triangle of A, row-major, size × size. OUT: its factor
 * @param vector IN: b. OUT: x
 */
export function solveCholesky(matrix: Float64Array, vector: Float64Array): void {
  const size = vector.length;
  factorize(matrix, size);
  for (let i = 0; i < size; i++) {
    let sum = vector[i]!;
    for (let k = 0; k < i; k++) sum -= matrix[k * size + i]! * vector[k]!;
    vector[i] = sum / matrix[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = vector[i]!;
    for (let k = i + 1; k < size; k++) sum -= matrix[i * size + k]! * vector[k]!;
    vector[i] = sum / matrix[i * size + i]!;
  }
}

/** A = UᵀU, row by row; the trailing triangle is updated as each row of U is done. An infinite pivot stands for a singular direction. */
function factorize(matrix: Float64Array, size: number): void {
  const smallest = Float64Array.from({ length: size }, (_, i) => Math.abs(matrix[i * size + i]!) * 1e-13);
  for (let i = 0; i < size; i++) {
    const row = i * size;
    const squared = matrix[row + i]!;
    const pivot = squared > smallest[i]! ? Math.sqrt(squared) : Number.POSITIVE_INFINITY;
    matrix[row + i] = pivot;
    for (let j = i + 1; j < size; j++) matrix[row + j]! /= pivot;
    for (let k = i + 1; k < size; k++) {
      const factor = matrix[row + k]!;
      if (factor === 0) continue;
      for (let j = k; j < size; j++) matrix[k * size + j]! -= factor * matrix[row + j]!;
    }
  }
}
