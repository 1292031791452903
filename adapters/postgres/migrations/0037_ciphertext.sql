-- What is sealed does not shrink: the store writes it as it is, and spends no time on trying.
ALTER TABLE waymark.submission ALTER COLUMN sealed_body SET STORAGE EXTERNAL;
ALTER TABLE waymark.referral ALTER COLUMN sealed_content SET STORAGE EXTERNAL;
ALTER TABLE waymark.receipt ALTER COLUMN sealed_receipt SET STORAGE EXTERNAL, ALTER COLUMN sealed_input SET STORAGE EXTERNAL;
ALTER TABLE waymark.amendment ALTER COLUMN sealed_body SET STORAGE EXTERNAL;
