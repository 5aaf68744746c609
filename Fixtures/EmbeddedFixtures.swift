public enum EmbeddedFixtures {}
