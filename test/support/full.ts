/** FULL=1 runs every case of the long matrices; without it a few that meet each mechanism once. */
export const isFull = process.env.FULL !== undefined;
