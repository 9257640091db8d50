/** Characters: no variable is longer. A line that doubles the one above it would fill the memory in thirty lines. */
export const longest = 1024 * 1024;

/** Stands for the value of a variable that is longer: whatever refers to it is too long as well. */
export const tooLong = ' '.repeat(longest + 1);
