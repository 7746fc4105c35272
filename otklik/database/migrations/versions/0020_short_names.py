"""Short names of territories and organisations, for lists, charts and filters; whole names stay where there is room."""

from alembic import op

revision = "0020"
down_revision = "0019"

# Of Russia's territories, which every data folder may hold already: code, language, short name.
STATEMENTS = """
    ALTER TABLE territory
        ADD COLUMN short_names jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(short_names) = 'object');
    ALTER TABLE organisation
        ADD COLUMN short_names jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(short_names) = 'object');
    UPDATE territory SET short_names = shorter.names
    FROM (
        SELECT code, jsonb_object_agg(language, name) AS names FROM (VALUES
            ('RU-FD-CENTRAL', 'ru', 'Центральный ФО'),
            ('RU-FD-NORTHWEST', 'ru', 'Северо-Западный ФО'),
            ('RU-FD-SOUTH', 'ru', 'Южный ФО'),
            ('RU-FD-CAUCASUS', 'ru', 'Северо-Кавказский ФО'),
            ('RU-FD-VOLGA', 'ru', 'Приволжский ФО'),
            ('RU-FD-URAL', 'ru', 'Уральский ФО'),
            ('RU-FD-SIBERIA', 'ru', 'Сибирский ФО'),
            ('RU-FD-FAREAST', 'ru', 'Дальневосточный ФО'),
            ('RU-AD', 'ru', 'Адыгея'),
            ('RU-BA', 'ru', 'Башкортостан'),
            ('RU-BU', 'ru', 'Бурятия'),
            ('RU-CE', 'ru', 'Чечня'),
            ('RU-CU', 'ru', 'Чувашия'),
            ('RU-DA', 'ru', 'Дагестан'),
            ('RU-IN', 'ru', 'Ингушетия'),
            ('RU-KB', 'ru', 'Кабардино-Балкария'),
            ('RU-KC', 'ru', 'Карачаево-Черкесия'),
            ('RU-KK', 'ru', 'Хакасия'),
            ('RU-KL', 'ru', 'Калмыкия'),
            ('RU-KO', 'ru', 'Коми'),
            ('RU-KR', 'ru', 'Карелия'),
            ('RU-ME', 'ru', 'Марий Эл'),
            ('RU-MO', 'ru', 'Мордовия'),
            ('RU-SA', 'ru', 'Якутия'),
            ('RU-SE', 'ru', 'Северная Осетия'),
            ('RU-TA', 'ru', 'Татарстан'),
            ('RU-TY', 'ru', 'Тыва'),
            ('RU-UD', 'ru', 'Удмуртия'),
            ('RU-CHU', 'ru', 'Чукотский АО'),
            ('RU-KHM', 'ru', 'ХМАО — Югра'),
            ('RU-NEN', 'ru', 'Ненецкий АО'),
            ('RU-YAN', 'ru', 'ЯНАО'),
            ('RU-YEV', 'ru', 'Еврейская АО'),
            ('RU-KEM', 'ru', 'Кузбасс'),
            ('RU-KHM', 'hr', 'HMAO – Jugra')
        ) AS v (code, language, name) GROUP BY code
    ) AS shorter
    WHERE shorter.code = territory.code"""


def upgrade() -> None:
    """Add the columns, and the short names of Russia's territories."""
    op.get_bind().exec_driver_sql(STATEMENTS)


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
