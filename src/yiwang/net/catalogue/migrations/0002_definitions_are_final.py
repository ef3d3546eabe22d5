from django.db import migrations

FORWARD = """
CREATE FUNCTION catalogue_keep_definition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'draft' THEN
            RAISE EXCEPTION 'version % of service % was submitted and is never deleted', OLD.number, OLD.service_id
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF (OLD.state <> 'draft' OR OLD.submitted_at IS NOT NULL)
       AND (NEW.definition IS DISTINCT FROM OLD.definition OR NEW.digest IS DISTINCT FROM OLD.digest
            OR NEW.service_id <> OLD.service_id OR NEW.number <> OLD.number
            OR NEW.drafted_by_id IS DISTINCT FROM OLD.drafted_by_id) THEN
        RAISE EXCEPTION 'version % of service % is final: write a new one', OLD.number, OLD.service_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER catalogue_version_is_final BEFORE UPDATE OR DELETE ON catalogue_serviceversion
    FOR EACH ROW EXECUTE FUNCTION catalogue_keep_definition();
"""

BACKWARD = """
DROP TRIGGER catalogue_version_is_final ON catalogue_serviceversion;
DROP FUNCTION catalogue_keep_definition();
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
