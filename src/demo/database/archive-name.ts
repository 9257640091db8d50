/** The file beside the built database process that holds the initialised data folder. */
export const archiveName = 'database.tar.gz';
